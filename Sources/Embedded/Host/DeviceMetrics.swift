/// What `/proc/diskstats`, `/proc/net/dev` and `/sys/class/net` tell.
enum DeviceMetrics {
  /// The fields of `/proc/diskstats` after the device's name, and what each is multiplied with.
  private static let diskFields: [(name: String, factor: Double)] = [
    ("reads_completed_total", 1), ("reads_merged_total", 1), ("read_bytes_total", 512),
    ("read_time_seconds_total", 0.001), ("writes_completed_total", 1), ("writes_merged_total", 1),
    ("written_bytes_total", 512), ("write_time_seconds_total", 0.001), ("io_now", 1), ("io_time_seconds_total", 0.001),
    ("io_time_weighted_seconds_total", 0.001), ("discards_completed_total", 1), ("discards_merged_total", 1),
    ("discarded_sectors_total", 1), ("discard_time_seconds_total", 0.001), ("flush_requests_total", 1),
    ("flush_requests_time_seconds_total", 0.001),
  ]

  /// `/proc/diskstats`, without the devices that node_exporter leaves out: RAM disks, loops and partitions.
  static func disks(_ bytes: [UInt8]) -> [HostSample] {
    hostFields(bytes).flatMap { fields -> [HostSample] in
      guard fields.count > 3, !isIgnoredDisk(fields[2]) else { return [] }
      return zip(diskFields, fields.dropFirst(3)).compactMap { field, text in
        Double(text).map { HostSample("disk_" + field.name, [("device", fields[2])], $0 * field.factor) }
      }
    }
  }

  /// node_exporter's `^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$`.
  static func isIgnoredDisk(_ name: String) -> Bool {
    let stem = name.withoutTrailingDigits
    guard stem.utf8.count < name.utf8.count else { return false }
    if ["ram", "zram", "loop", "fd"].contains(stem) { return true }
    if let last = stem.utf8.last, (0x61...0x7a).contains(last), ["hd", "sd", "vd", "xvd"].contains(stem.dropLast()) {
      return true
    }
    guard stem.hasPrefix("nvme"), stem.last == "p" else { return false }
    let parts = stem.dropFirst(4).dropLast().split(separator: "n", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static let receiveFields = ["bytes", "packets", "errs", "drop", "fifo", "frame", "compressed", "multicast"]
  private static let transmitFields = ["bytes", "packets", "errs", "drop", "fifo", "colls", "carrier", "compressed"]

  /// `/proc/net/dev`.
  static func network(_ bytes: [UInt8]) -> [HostSample] {
    bytes.split(separator: UInt8(ascii: "\n")).dropFirst(2).flatMap { line -> [HostSample] in
      // No blank need stand behind the colon; a name may have one itself.
      guard let colon = line.lastIndex(of: UInt8(ascii: ":")) else { return [] }
      let device = String(decoding: line[..<colon].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
      let values = hostFields(Array(line[(colon + 1)...])).first ?? []
      let names = receiveFields.map { "receive_" + $0 } + transmitFields.map { "transmit_" + $0 }
      return zip(names, values).compactMap { name, text in
        Double(text).map { HostSample("network_\(name)_total", [("device", device)], $0) }
      }
    }
  }

  /// The files of `/sys/class/net/<device>` with one number, the metric it is, and what it is multiplied with.
  static let interfaceFiles: [(file: String, name: String, factor: Double)] = [
    ("addr_assign_type", "address_assign_type", 1), ("carrier", "carrier", 1),
    ("carrier_changes", "carrier_changes_total", 1), ("carrier_up_count", "carrier_up_changes_total", 1),
    ("carrier_down_count", "carrier_down_changes_total", 1), ("dev_id", "device_id", 1), ("dormant", "dormant", 1),
    ("flags", "flags", 1), ("ifindex", "iface_id", 1), ("iflink", "iface_link", 1), ("link_mode", "iface_link_mode", 1),
    ("mtu", "mtu_bytes", 1), ("name_assign_type", "name_assign_type", 1), ("netdev_group", "net_dev_group", 1),
    ("speed", "speed_bytes", 125_000), ("tx_queue_len", "transmit_queue_length", 1), ("type", "protocol_type", 1),
    ("statistics/rx_nohandler", "receive_nohandler_total", 1),
  ]

  /// What such a file says of a device; `nil` for no number.
  static func interface(_ device: String, _ name: String, _ factor: Double, _ bytes: [UInt8]) -> HostSample? {
    guard let text = hostFields(bytes).first?.first else { return nil }
    let number = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16).map(Double.init) : Double(text)
    return number.map { HostSample("network_" + name, [("device", device)], $0 * factor) }
  }

  /// Whether an interface is up, by its file `operstate`.
  static func interfaceState(_ device: String, _ bytes: [UInt8]) -> HostSample {
    HostSample("network_up", [("device", device)], hostFields(bytes).first?.first == "up" ? 1 : 0)
  }
}

extension String {
  fileprivate var withoutTrailingDigits: String {
    var text = self
    while let last = text.utf8.last, (0x30...0x39).contains(last) { text.removeLast() }
    return text
  }
}
