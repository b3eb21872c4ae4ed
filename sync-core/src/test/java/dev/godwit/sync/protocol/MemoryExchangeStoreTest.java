package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import java.util.Random;

class MemoryExchangeStoreTest extends ExchangeStoreContract {
  @Override
  protected ExchangeStore store() {
    return new MemoryExchangeStore(space(), 42);
  }

  @Override
  protected void writeOne(ExchangeStore store) {
    ((MemoryExchangeStore) store).sealMany(1);
  }

  @Override
  protected ExchangeStore reopened(ExchangeStore store) {
    return store;
  }

  @Override
  protected byte[] body(Dot dot, int lengthBytes) {
    byte[] body = new byte[lengthBytes];
    new Random(dot.sequence() * 31 + lengthBytes).nextBytes(body);
    return body;
  }
}
