import CoreFoundation
import Glibc
import Model
import StatusAPI

/// What this process takes of the machine, under the names that Prometheus's client libraries give it.
enum ProcessMetrics {
  /// Read from `/proc`; what can't be read isn't there.
  static var families: [MetricFamily] {
    let statistics = Statistics(read("/proc/self/stat"), read("/proc/stat"), ticks: Double(sysconf(Int32(_SC_CLK_TCK))))
    let values: [(String, String, MetricFamily.Kind, Double?)] = [
      ("process_cpu_seconds_total", "CPU time in user and kernel mode.", .counter, statistics?.cpuSeconds),
      ("process_resident_memory_bytes", "Memory that is resident.", .gauge, residentBytes),
      ("process_virtual_memory_bytes", "Virtual memory.", .gauge, statistics?.virtualBytes),
      ("process_open_fds", "Open file descriptors.", .gauge, openDescriptors),
      ("process_max_fds", "File descriptors that may be open.", .gauge, maxDescriptors),
      ("process_start_time_seconds", "When the process started, since 1970.", .gauge, statistics?.startSeconds),
    ]
    return values.compactMap { name, help, kind, value in value.map { MetricFamily(name, help, kind, $0) } }
  }

  /// What `/proc/self/stat` and `/proc/stat` say.
  struct Statistics {
    var cpuSeconds: Double
    var virtualBytes: Double
    var startSeconds: Double

    /// `ticks`: how many there are in a second. The name of the program may hold spaces and parentheses, so fields
    /// count from behind its last one.
    init?(_ own: String, _ system: String, ticks: Double) {
      guard let end = own.lastIndex(of: ")"), ticks > 0 else { return nil }
      let fields = own[own.index(after: end)...].split(separator: " ")
      let boot = system.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
      guard fields.count > 20, let user = Double(fields[11]), let kernel = Double(fields[12]),
        let start = Double(fields[19]), let size = Double(fields[20]), let boot
      else { return nil }
      cpuSeconds = (user + kernel) / ticks
      virtualBytes = size
      startSeconds = boot + start / ticks
    }
  }

  private static var residentBytes: Double? {
    let pages = read("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Double($0) }
    return pages.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
  }

  private static var maxDescriptors: Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Double(limit.rlim_cur)
  }

  private static var openDescriptors: Double? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) { if entry.pointee.d_name.0 != 0x2e { count += 1 } }
    // One of them is the folder's own.
    return Double(count - 1)
  }

  private static func read(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = part.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += part[..<count]
    }
  }
}
