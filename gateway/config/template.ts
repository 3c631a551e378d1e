/** The configuration that `init` writes: complete, commented, and fit to run as it is. */

/** @param schema path of the JSON Schema, by which editors complete the file */
export function template(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# A gateway's configuration. Paths are relative to this file. docs/gateway.md explains every setting.
# After a change: npm run gateway -- check THIS-FILE, then send the gateway SIGHUP (systemctl reload lvs-gateway).

# The name of this house or plant. All gateways of one site have the same, each site another.
site: home

swarm:
  name: lvs
  # Closes the swarm: every member has the same key. Make one with: npm run provision -- new-key
  # key_file: swarm.key
  # The network to use, where the computer has several.
  # interface: eth0

# What the swarm agrees on: the same on every node.
keys:
  - name: room1/temp
    unit: °C
    floor: 0.1 # the sensors' noise
    span: 8 # the most that one sensor may move the result: about 1.6 times what honest ones differ by
    range: [0, 60]
    reference: 20

# The sensors that this gateway brings in. This one is the computer's own thermometer.
sources:
  - key: room1/temp
    file: /sys/class/thermal/thermal_zone0/temp
    scale: 0.001
    jump_per_s: 5

  # A Zigbee thermometer by way of zigbee2mqtt:
  # - key: room1/temp
  #   mqtt: zigbee2mqtt/living_room
  #   field: temperature

  # A board that prints lines such as T=21.5 on a serial port:
  # - key: room1/temp
  #   serial: /dev/ttyUSB0
  #   baud: 115200
  #   match: 'T=([\\d.]+)'

# Without a url, a broker runs inside the gateway, for programs on this computer.
mqtt:
  # url: mqtts://broker.example:8883
  # user: gateway
  # password_file: mqtt.password # a file of its own, mode 600
  embedded:
    port: 1883

# Joins this site with others over a broker that all of them reach; keys with scope: all then agree everywhere.
# federation:
#   key_file: federation.key

# The page, on this computer only. To reach it from others, bind it to 0.0.0.0 and give it a password.
http:
  port: 8080
  # bind: 0.0.0.0
  # password_file: page.password
`;
}
