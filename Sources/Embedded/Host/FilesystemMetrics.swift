/// A mounted file system, as `/proc/mounts` names it.
struct Mount: Hashable, Sendable {
  var device: String
  var mountPoint: String
  var type: String
  var isReadOnly: Bool
}

/// What the kernel says of the room in a file system.
struct FilesystemRoom: Hashable, Sendable {
  /// Bytes.
  var size: Double
  var free: Double
  var available: Double
  var files: Double
  var filesFree: Double
}

/// Which file systems are measured, and the metrics of one.
enum FilesystemMetrics {
  /// The mounts of `/proc/mounts` that node_exporter measures by default, each device at one place once.
  static func mounts(_ bytes: [UInt8]) -> [Mount] {
    var seen: Set<Mount> = []
    return hostFields(bytes).compactMap { fields in
      guard fields.count >= 4 else { return nil }
      var mount = Mount(
        device: fields[0], mountPoint: unescaped(fields[1]), type: fields[2],
        isReadOnly: fields[3].split(separator: ",").contains("ro"))
      guard !isIgnored(mount.mountPoint), !ignoredTypes.contains(mount.type) else { return nil }
      // What is mounted over the same place twice is one and the same to whoever asks by that place.
      let isReadOnly = mount.isReadOnly
      mount.isReadOnly = false
      guard seen.insert(mount).inserted else { return nil }
      mount.isReadOnly = isReadOnly
      return mount
    }
  }

  /// The metrics of a mount; without `room`, when the kernel doesn't answer, only that it is in error.
  static func samples(_ mount: Mount, _ room: FilesystemRoom?) -> [HostSample] {
    let labels = [("device", mount.device), ("fstype", mount.type), ("mountpoint", mount.mountPoint)]
    var samples = [HostSample("filesystem_device_error", labels, room == nil ? 1 : 0)]
    guard let room else { return samples }
    samples += [
      HostSample("filesystem_size_bytes", labels, room.size),
      HostSample("filesystem_free_bytes", labels, room.free),
      HostSample("filesystem_avail_bytes", labels, room.available),
      HostSample("filesystem_files", labels, room.files),
      HostSample("filesystem_files_free", labels, room.filesFree),
      HostSample("filesystem_readonly", labels, mount.isReadOnly ? 1 : 0),
    ]
    return samples
  }

  /// node_exporter's default for `--collector.filesystem.fs-types-exclude`.
  static let ignoredTypes: Set<String> = [
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "erofs",
    "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "overlay", "proc", "procfs", "pstore", "rpc_pipefs",
    "securityfs", "selinuxfs", "squashfs", "sysfs", "tracefs",
  ]

  /// node_exporter's default for `--collector.filesystem.mount-points-exclude`.
  private static func isIgnored(_ path: String) -> Bool {
    for root in ["/dev", "/proc", "/sys"] where path == root || path.hasPrefix(root + "/") { return true }
    for root in ["/run/credentials/", "/var/lib/docker/", "/var/lib/containers/storage/"] {
      if path.hasPrefix(root), path.utf8.count > root.utf8.count { return true }
    }
    return false
  }

  /// Octal escapes, of which the kernel writes those of space, tab, line feed and backslash.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    let bytes = Array(text.utf8)
    var (plain, index) = ([UInt8](), 0)
    while index < bytes.count {
      let digits = bytes[index...].dropFirst().prefix(3)
      if bytes[index] == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        plain.append(code)
        index += 4
      } else {
        plain.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
