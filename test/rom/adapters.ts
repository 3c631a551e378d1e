/** The adapters that boards come with, as `list()` shows them on Linux. */

export type AdapterName = 'cp2102' | 'ch340' | 'ch9102' | 'ftdi' | 'usb-serial-jtag';

export interface Adapter {
  vendorId: string;
  productId: string;
  manufacturer: string;
  /** The name of the product in `/dev/serial/by-id`. */
  product: string;
}

export const ADAPTERS: Readonly<Record<AdapterName, Adapter>> = {
  cp2102: {
    vendorId: '10c4',
    productId: 'ea60',
    manufacturer: 'Silicon Labs',
    product: 'Silicon_Labs_CP2102_USB_to_UART_Bridge_Controller',
  },
  ch340: { vendorId: '1a86', productId: '7523', manufacturer: '1a86', product: '1a86_USB_Serial' },
  ch9102: { vendorId: '1a86', productId: '55d4', manufacturer: '1a86', product: '1a86_USB_Single_Serial' },
  ftdi: { vendorId: '0403', productId: '6001', manufacturer: 'FTDI', product: 'FTDI_FT232R_USB_UART' },
  'usb-serial-jtag': {
    vendorId: '303a',
    productId: '1001',
    manufacturer: 'Espressif',
    product: 'Espressif_USB_JTAG_serial_debug_unit',
  },
};
