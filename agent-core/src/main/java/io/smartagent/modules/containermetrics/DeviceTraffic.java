package io.smartagent.modules.containermetrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a control group has read from and written to a block device.
 *
 * @param device its number, as in {@code 8:0}
 */
record DeviceTraffic(String device, long readBytes, long writtenBytes, long reads, long writes) {

  /** Returns what version 2's io.stat says: cgroup-v2.rst, "IO Interface Files". */
  static List<DeviceTraffic> ofIoStat(byte[] text) {
    List<DeviceTraffic> devices = new ArrayList<>();
    for (String[] words : KeyedText.lines(text)) {
      if (words.length > 1 && isDevice(words[0])) {
        devices.add(
            new DeviceTraffic(
                words[0],
                value(words, "rbytes="),
                value(words, "wbytes="),
                value(words, "rios="),
                value(words, "wios=")));
      }
    }
    return devices;
  }

  /** What the file does not say has not happened. */
  private static long value(String[] words, String key) {
    for (String word : words) {
      if (word.startsWith(key)) {
        return Math.max(0, KeyedText.number(word.substring(key.length())));
      }
    }
    return 0;
  }

  /**
   * Returns what two files of version 1 say together: blkio-controller.rst.
   *
   * @param bytes as of blkio.throttle.io_service_bytes
   * @param operations as of blkio.throttle.io_serviced
   */
  static List<DeviceTraffic> ofBlkio(byte[] bytes, byte[] operations) {
    Map<String, long[]> devices = new LinkedHashMap<>();
    collect(bytes, devices, 0);
    collect(operations, devices, 2);
    List<DeviceTraffic> found = new ArrayList<>();
    devices.forEach((device, counts) ->
        found.add(new DeviceTraffic(device, counts[0], counts[1], counts[2], counts[3])));
    return found;
  }

  private static void collect(byte[] text, Map<String, long[]> devices, int at) {
    for (String[] words : KeyedText.lines(text)) {
      if (words.length == 3 && isDevice(words[0])) {
        long[] counts = devices.computeIfAbsent(words[0], device -> new long[4]);
        long number = Math.max(0, KeyedText.number(words[2]));
        if (words[1].equals("Read")) {
          counts[at] = number;
        } else if (words[1].equals("Write")) {
          counts[at + 1] = number;
        }
      }
    }
  }

  private static boolean isDevice(String word) {
    int colon = word.indexOf(':');
    return colon > 0
        && KeyedText.number(word.substring(0, colon)) >= 0
        && KeyedText.number(word.substring(colon + 1)) >= 0;
  }
}
