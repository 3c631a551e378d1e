/**
 * The sensor drivers that the SDK carries and this firmware takes along. They lie in flash and take no memory until one
 * is opened. Units are the drivers' own: read in the SDK 8.2.3, because they differ from ECMA-419 here and there.
 */

import I2C from 'embedded:io/i2c';
import SMBus from 'embedded:io/smbus';
import BMP280 from 'embedded:sensor/Barometer-Temperature/BMP280';
import BME68x from 'embedded:sensor/Barometer-Humidity-Temperature/BME68x';
import AHT10 from 'embedded:sensor/Humidity-Temperature/AHT10';
import SHT3x from 'embedded:sensor/Humidity-Temperature/SHT3x';
import SHTC3 from 'embedded:sensor/Humidity-Temperature/SHTC3';
import TMP117 from 'embedded:sensor/Temperature/TMP117';
import type { I2CPins } from '../hardware.ts';
import type { Quantity, SensorDevice, SensorDriver } from '../sensors/i2c.ts';

const TEMPERATURE: Readonly<Quantity> = Object.freeze({ name: 'temperature', scale: 1 });
const HUMIDITY: Readonly<Quantity> = Object.freeze({ name: 'humidity', scale: 1 });
const HUMIDITY_SHARE: Readonly<Quantity> = Object.freeze({ name: 'humidity', scale: 100 });
/** Pascals; hectopascals fit a key's value, which ends at 32,767. */
const PRESSURE: Readonly<Quantity> = Object.freeze({ name: 'pressure', scale: 0.01 });

interface DriverOptions {
  sensor: { io: unknown; data: number; clock: number; hz?: number; address?: number };
}

type DriverClass = new (options: DriverOptions) => SensorDevice;

export function sensorDrivers(pins: I2CPins): SensorDriver[] {
  const driver = (name: string, io: unknown, device: DriverClass, quantities: Readonly<Quantity>[]): SensorDriver => ({
    name,
    open: (address) => {
      const sensor = { io, data: pins.data, clock: pins.clock };
      return new device({ sensor: address === 0 ? sensor : { ...sensor, address } });
    },
    quantities,
  });
  return [
    driver('aht10', I2C, AHT10, [TEMPERATURE, HUMIDITY]),
    driver('bme68x', I2C, BME68x, [TEMPERATURE, HUMIDITY_SHARE, PRESSURE]),
    driver('bmp280', I2C, BMP280, [TEMPERATURE, PRESSURE]),
    driver('sht3x', I2C, SHT3x, [TEMPERATURE, HUMIDITY]),
    driver('shtc3', I2C, SHTC3, [TEMPERATURE, HUMIDITY]),
    driver('tmp117', SMBus, TMP117, [TEMPERATURE]),
  ];
}
