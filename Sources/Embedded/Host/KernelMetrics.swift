/// What `/proc/stat`, `/proc/loadavg` and files of a few numbers tell.
enum KernelMetrics {
  /// `/proc/stat`; times there are in hundredths of a second, in which the kernel gives them on every architecture.
  static func stat(_ bytes: [UInt8]) -> [HostSample] {
    hostFields(bytes).flatMap { fields -> [HostSample] in
      guard let key = fields.first, let value = fields.dropFirst().first.flatMap(Double.init) else { return [] }
      switch key {
      case "intr": return [HostSample("intr_total", value)]
      case "ctxt": return [HostSample("context_switches_total", value)]
      case "processes": return [HostSample("forks_total", value)]
      case "btime": return [HostSample("boot_time_seconds", value)]
      case "procs_running": return [HostSample("procs_running", value)]
      case "procs_blocked": return [HostSample("procs_blocked", value)]
      default: return key.hasPrefix("cpu") && key != "cpu" ? cpu(String(key.dropFirst(3)), fields.dropFirst()) : []
      }
    }
  }

  private static let modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"]
  private static let guestModes = ["user", "nice"]

  private static func cpu(_ cpu: String, _ fields: ArraySlice<String>) -> [HostSample] {
    let seconds = fields.map { (Double($0) ?? 0) / 100 }
    let modes = zip(modes, seconds).map { mode, value in
      HostSample("cpu_seconds_total", [("cpu", cpu), ("mode", mode)], value)
    }
    let guests = zip(guestModes, seconds.dropFirst(8)).map { mode, value in
      HostSample("cpu_guest_seconds_total", [("cpu", cpu), ("mode", mode)], value)
    }
    return modes + guests
  }

  /// `/proc/loadavg`.
  static func loadAverage(_ bytes: [UInt8]) -> [HostSample] {
    let fields = hostFields(bytes).first ?? []
    return zip(["load1", "load5", "load15"], fields).compactMap { name, text in
      Double(text).map { HostSample(name, $0) }
    }
  }

  /// `/proc/meminfo`. Counts in kB become bytes, with `_bytes` at the name's end.
  static func memory(_ bytes: [UInt8]) -> [HostSample] {
    hostFields(bytes).compactMap { fields in
      guard fields.count >= 2, let value = Double(fields[1]) else { return nil }
      let name = fields[0].filter { $0 != ":" && $0 != ")" }.map { $0 == "(" ? "_" : $0 }
      let isInBytes = fields.count > 2
      return HostSample("memory_" + String(name) + (isInBytes ? "_bytes" : ""), isInBytes ? value * 1024 : value)
    }
  }

  /// `/proc/sys/fs/file-nr`.
  static func fileDescriptors(_ bytes: [UInt8]) -> [HostSample] {
    guard let fields = hostFields(bytes).first, fields.count == 3 else { return [] }
    return zip(["filefd_allocated", "filefd_maximum"], [fields[0], fields[2]]).compactMap { name, text in
      Double(text).map { HostSample(name, $0) }
    }
  }

  /// The fields of `/proc/vmstat` that node_exporter takes by default.
  static func virtualMemory(_ bytes: [UInt8]) -> [HostSample] {
    hostFields(bytes).compactMap { fields in
      guard fields.count == 2, let value = Double(fields[1]),
        fields[0].hasPrefix("oom_kill") || fields[0].hasPrefix("pgpg") || fields[0].hasPrefix("pswp")
          || (fields[0].hasPrefix("pg") && fields[0].hasSuffix("fault"))
      else { return nil }
      return HostSample("vmstat_" + fields[0], value)
    }
  }

  /// One of `/proc/pressure/{cpu,io,memory}`: microseconds since the start in which some or all tasks waited.
  static func pressure(_ resource: String, _ bytes: [UInt8]) -> [HostSample] {
    hostFields(bytes).compactMap { fields in
      guard let total = fields.first(where: { $0.hasPrefix("total=") }).flatMap({ Double($0.dropFirst(6)) }) else {
        return nil
      }
      switch fields.first {
      case "some": return HostSample("pressure_\(resource)_waiting_seconds_total", total / 1e6)
      // That all wait for the processor means nothing for a whole machine.
      case "full" where resource != "cpu": return HostSample("pressure_\(resource)_stalled_seconds_total", total / 1e6)
      default: return nil
      }
    }
  }

  /// Files with one number each, and the metric it is.
  static let singleNumbers: [(path: String, name: String)] = [
    ("/proc/sys/kernel/random/entropy_avail", "entropy_available_bits"),
    ("/proc/sys/kernel/random/poolsize", "entropy_pool_size_bits"),
    ("/proc/sys/net/netfilter/nf_conntrack_count", "nf_conntrack_entries"),
    ("/proc/sys/net/netfilter/nf_conntrack_max", "nf_conntrack_entries_limit"),
  ]
}

extension HostSample {
  fileprivate init(_ name: String, _ value: Double) {
    self.init(name, [], value)
  }
}
