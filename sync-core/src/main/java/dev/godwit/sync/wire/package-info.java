/**
 * Encoding and decoding: protocol messages and transaction bodies as CBOR (RFC 8949), with hard
 * limits.
 */
package dev.godwit.sync.wire;
