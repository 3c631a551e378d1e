/** What one who floods is told. */
export interface FloodOrders {
  target: string;
  from: string;
  port: number;
  datagrams: number;
  listen_ms: number;
}
