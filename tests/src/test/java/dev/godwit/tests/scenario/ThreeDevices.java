package dev.godwit.tests.scenario;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three devices with the tables of {@link RandomWork}. */
abstract class ThreeDevices {
  @TempDir Path folder;
  Devices devices;
  final List<Device> all = new ArrayList<>();

  @BeforeEach
  void beginWithThreeDevices() {
    devices = new Devices(folder);
    for (String name : new String[] {"a", "b", "c"}) {
      all.add(devices.device(name, RandomWork.SCHEMA, RandomWork.TABLES));
    }
  }

  @AfterEach
  void closeDevices() {
    devices.close();
  }
}
