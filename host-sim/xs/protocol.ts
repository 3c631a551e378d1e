/**
 * What the world and the nodes inside XS say to each other. A command is a row of orders, a reply a row of news, each an
 * opcode byte and its fields, all big-endian as `bytes.ts` writes them. Orders that nobody waits for (deliveries) gather until
 * one comes that needs an answer: one exchange a node and cycle, so that the pipe costs little beside the firmware.
 */

/** id u16, JSON: settings that several nodes share. */
export const ORDER_SETTINGS = 1;
/** node u16, count u16, words i32: hardware randomness for the node to draw from, in this order. */
export const ORDER_WORDS = 2;
/** node u16, settings u16, gateway u8, moment, and the store's two slots as length u16 and bytes. */
export const ORDER_START = 3;
/** node u16, moment. */
export const ORDER_WAKE = 4;
/** node u16, moment. */
export const ORDER_SHUTDOWN = 5;
/** node u16, medium u8, source i32, length u16, bytes: a datagram for the node to take. */
export const ORDER_DELIVER = 6;
/** Asks for NEWS_STATE of every node. */
export const ORDER_SURVEY = 7;

/* A moment is what a node's ports tell while it runs: ticks_ms i32, epoch_ms f64, battery i32, load i32, readings i32 a key. */

/** node u16, code u8, a i32, b i32. */
export const NEWS_EVENT = 1;
/** node u16, tag i32, cycle i32, target and cap i32 a key, length u16, bytes: a datagram for the LAN. */
export const NEWS_SEND = 2;
/** The same for the medium between gateways. */
export const NEWS_SEND_MEDIUM = 3;
/** node u16, slot u8, length u16, bytes: a slot of the store is replaced. */
export const NEWS_WRITE = 4;
/** node u16, wait_ms i32, tag i32, cycle i32, words left u16: the end of a start, wake or shutdown. */
export const NEWS_DONE = 5;
/** node u16, digest i32, relayed i32, sent i32, agreed values i32 a key, drops u8 and that many i32. */
export const NEWS_STATE = 6;
