/** What the publisher needs of an MQTT client: the SDK's on a device (`sdk-client.ts`), another one in a test. */

export interface MqttClientOptions {
  host: string;
  port: number;
  /** '' for none. */
  user: string;
  password: string;
  id: string;
  /** Where the broker says `offline`, retained, when the connection ends. */
  will_topic: string;
  /** The broker took the connection. */
  onConnected: () => void;
  /** There is room again. */
  onWritable: () => void;
  /** A short message came on a topic that was subscribed to. */
  onText: (topic: string, text: string) => void;
  /** There is no connection, or no more; the client is closed then. */
  onEnd: () => void;
}

export interface MqttClient {
  /** Bytes that it takes now: of a message's first part, less the topic's. */
  readonly writable: number;
  /** Begins a retained message of `length_bytes` with its first bytes. @throws Error when it does not take them */
  begin(topic: string, length_bytes: number, bytes: Uint8Array): void;
  /** Goes on with it. */
  more(bytes: Uint8Array): void;
  subscribe(topic: string): void;
  /** Nothing is called back from then on. */
  close(): void;
}

export type OpenMqtt = (options: MqttClientOptions) => MqttClient;
