import Model

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Asks this machine's kernel for what the parsers understand.
///
/// A file that isn't there gives no metrics: kernels and containers differ.
struct HostReader: Sendable {
  /// All metrics as one exposition in the text format; at `now` by the clock of the store.
  func exposition(now: Timestamp) -> [UInt8] {
    Array(samples(now: now).map(\.text).joined().utf8)
  }

  func samples(now: Timestamp) -> [HostSample] {
    var samples = KernelMetrics.stat(read("/proc/stat"))
    samples += KernelMetrics.loadAverage(read("/proc/loadavg"))
    samples += KernelMetrics.memory(read("/proc/meminfo"))
    samples += KernelMetrics.fileDescriptors(read("/proc/sys/fs/file-nr"))
    samples += KernelMetrics.virtualMemory(read("/proc/vmstat"))
    for resource in ["cpu", "io", "memory"] {
      samples += KernelMetrics.pressure(resource, read("/proc/pressure/\(resource)"))
    }
    for (path, name) in KernelMetrics.singleNumbers {
      if let value = hostNumber(read(path)) { samples.append(HostSample(name, [], value)) }
    }
    samples += DeviceMetrics.disks(read("/proc/diskstats"))
    samples += DeviceMetrics.network(read("/proc/net/dev"))
    samples += interfaces()
    samples += filesystems()
    samples += system()
    samples.append(HostSample("time_seconds", [], now.secondsSinceEpoch))
    return samples
  }

  private func interfaces() -> [HostSample] {
    let root = "/sys/class/net"
    return entries(root).flatMap { device -> [HostSample] in
      let state = read("\(root)/\(device)/operstate")
      // A file beside the interfaces, such as bonding_masters.
      guard !state.isEmpty else { return [] }
      return [DeviceMetrics.interfaceState(device, state)]
        + DeviceMetrics.interfaceFiles.compactMap { file, name, factor in
          DeviceMetrics.interface(device, name, factor, read("\(root)/\(device)/\(file)"))
        }
    }
  }

  private func filesystems() -> [HostSample] {
    // What the machine has mounted, where this may be read, and not only what this process sees.
    let machine = read("/proc/1/mounts")
    return FilesystemMetrics.mounts(machine.isEmpty ? read("/proc/mounts") : machine).flatMap { mount in
      FilesystemMetrics.samples(mount, room(mount.mountPoint))
    }
  }

  private func room(_ path: String) -> FilesystemRoom? {
    var answer = statvfs()
    guard statvfs(path, &answer) == 0 else { return nil }
    let block = Double(answer.f_frsize)
    return FilesystemRoom(
      size: Double(answer.f_blocks) * block, free: Double(answer.f_bfree) * block,
      available: Double(answer.f_bavail) * block, files: Double(answer.f_files), filesFree: Double(answer.f_ffree))
  }

  private func system() -> [HostSample] {
    var names = utsname()
    guard uname(&names) == 0 else { return [] }
    func text<Bytes>(_ field: Bytes) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let domain = read("/proc/sys/kernel/domainname")
    let labels = [
      ("domainname", String(decoding: domain.prefix { $0 != 0x0a }, as: UTF8.self)),
      ("machine", text(names.machine)), ("nodename", text(names.nodename)), ("release", text(names.release)),
      ("sysname", text(names.sysname)), ("version", text(names.version)),
    ]
    return [HostSample("uname_info", labels, 1)]
  }

  /// The name that this machine has for itself.
  static func name() -> String {
    var names = utsname()
    guard uname(&names) == 0 else { return "localhost" }
    return withUnsafeBytes(of: names.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// The largest file that is read.
  private static let longest = 4 << 20

  /// A file's bytes; none when it can't be read.
  private func read(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 32 << 10)
    while bytes.count < Self.longest {
      let count = fill(descriptor, &buffer)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private func fill(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    buffer.withUnsafeMutableBytes { bytes in
      #if canImport(Darwin)
        Darwin.read(descriptor, bytes.baseAddress, bytes.count)
      #else
        Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      #endif
    }
  }

  private func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
