import Foundation
import Model
import TestKit
import Testing
import Transport

@testable import Embedded

@Suite struct `This machine's metrics` {
  private func lines(_ samples: [HostSample]) -> [String] { samples.map { String($0.text.dropLast()) } }

  @Test func `of the kernel come from /proc/stat`() {
    let text = """
      cpu  3 0 0 0 0 0 0 0 0 0
      cpu0 13056 1 2937 104053 25 0 8 34 7 2
      intr 256786 0 0 14
      ctxt 433184
      btime 1795271462
      processes 15047
      procs_running 5
      procs_blocked 0
      softirq 201495 0 32238
      """
    #expect(
      lines(KernelMetrics.stat(Array(text.utf8))) == [
        #"node_cpu_seconds_total{cpu="0",mode="user"} 130.56"#, #"node_cpu_seconds_total{cpu="0",mode="nice"} 0.01"#,
        #"node_cpu_seconds_total{cpu="0",mode="system"} 29.37"#,
        #"node_cpu_seconds_total{cpu="0",mode="idle"} 1040.53"#,
        #"node_cpu_seconds_total{cpu="0",mode="iowait"} 0.25"#, #"node_cpu_seconds_total{cpu="0",mode="irq"} 0.0"#,
        #"node_cpu_seconds_total{cpu="0",mode="softirq"} 0.08"#, #"node_cpu_seconds_total{cpu="0",mode="steal"} 0.34"#,
        #"node_cpu_guest_seconds_total{cpu="0",mode="user"} 0.07"#,
        #"node_cpu_guest_seconds_total{cpu="0",mode="nice"} 0.02"#, "node_intr_total 256786.0",
        "node_context_switches_total 433184.0", "node_boot_time_seconds 1795271462.0", "node_forks_total 15047.0",
        "node_procs_running 5.0", "node_procs_blocked 0.0",
      ])
  }

  @Test func `of memory are bytes where the kernel counts kB`() {
    let text = "MemTotal:       32912132 kB\nActive(anon):        12 kB\nHugePages_Free:        3\n"
    #expect(
      lines(KernelMetrics.memory(Array(text.utf8))) == [
        "node_memory_MemTotal_bytes 33702023168.0", "node_memory_Active_anon_bytes 12288.0",
        "node_memory_HugePages_Free 3.0",
      ])
  }

  @Test func `of load, files, memory paging and pressure come from short files`() {
    #expect(
      lines(KernelMetrics.loadAverage(Array("2.04 0.55 0.17 3/190 9473\n".utf8)))
        == ["node_load1 2.04", "node_load5 0.55", "node_load15 0.17"])
    #expect(
      lines(KernelMetrics.fileDescriptors(Array("1210\t0\t2466177\n".utf8)))
        == ["node_filefd_allocated 1210.0", "node_filefd_maximum 2466177.0"])
    let pages = "nr_free_pages 1\npgpgin 2\npgfault 3\npgmajfault 4\noom_kill 5\npgfree 6\npswpout 7\n"
    #expect(
      lines(KernelMetrics.virtualMemory(Array(pages.utf8))) == [
        "node_vmstat_pgpgin 2.0", "node_vmstat_pgfault 3.0", "node_vmstat_pgmajfault 4.0", "node_vmstat_oom_kill 5.0",
        "node_vmstat_pswpout 7.0",
      ])
    let pressure = Array("some avg10=53.90 avg60=35.22 total=71189019\nfull avg10=0.00 total=5\n".utf8)
    #expect(
      lines(KernelMetrics.pressure("io", pressure)) == [
        "node_pressure_io_waiting_seconds_total 71.189019", "node_pressure_io_stalled_seconds_total 5e-06",
      ])
    #expect(KernelMetrics.pressure("cpu", pressure).count == 1)
  }

  @Test func `of disks leave out loops, RAM and partitions`() {
    let text = """
         7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
       254       0 vda 39984 10129 4887746 14306 16503 61949 3403920 12127 0 7708 26879 2684 0 316696 292 2442 152
       254       1 vda1 1 1 1 1 1 1 1 1 1 1 1
         8       0 sdb 1 2 3 4 5 6 7 8 9 10 11
      """
    let samples = DeviceMetrics.disks(Array(text.utf8))
    #expect(samples.count == 17 + 11)
    #expect(lines(samples)[2] == #"node_disk_read_bytes_total{device="vda"} 2502525952.0"#)
    #expect(lines(samples)[3] == #"node_disk_read_time_seconds_total{device="vda"} 14.306000000000001"#)
    for name in ["ram0", "zram0", "loop12", "fd0", "sda1", "xvda2", "vdb3", "hda1", "nvme0n1p1", "nvme10n2p13"] {
      #expect(DeviceMetrics.isIgnoredDisk(name), "\(name)")
    }
    for name in ["sda", "vda", "nvme0n1", "dm-0", "md127", "sr0", "mmcblk0", "nvmen1p1", "1", ""] {
      #expect(!DeviceMetrics.isIgnoredDisk(name), "\(name)")
    }
  }

  @Test func `of the network have the device's name`() {
    let text = """
      Inter-|   Receive                            |  Transmit
       face |bytes    packets errs drop fifo frame |bytes
          lo:62919      62    0    0    0     0          0         0    62919      62    0    0    0     0       0          0
        eth0.5: 101 2070 1 2 3 4 5 6 91746 1110 7 8 9 10 11 12
      """
    let samples = lines(DeviceMetrics.network(Array(text.utf8)))
    #expect(samples.count == 32)
    #expect(samples[0] == #"node_network_receive_bytes_total{device="lo"} 62919.0"#)
    #expect(samples[31] == #"node_network_transmit_compressed_total{device="eth0.5"} 12.0"#)
    #expect(
      DeviceMetrics.interface("e", "flags", 1, Array("0x1003\n".utf8))?.text
        == "node_network_flags{device=\"e\"} 4099.0\n"
    )
    #expect(DeviceMetrics.interface("e", "carrier", 1, []) == nil)
  }

  @Test func `of file systems leave out those that aren't on a disk`() {
    let text = #"""
      proc /proc proc rw,relatime 0 0
      /dev/vda / ext4 rw,relatime 0 0
      /dev/vdb /data\040of\011all\134us xfs ro,relatime 0 0
      overlay /var/lib/docker/overlay2/x overlay rw 0 0
      tmpfs /run tmpfs rw 0 0
      tmpfs /run tmpfs rw 0 0
      tmpfs /dev/shm tmpfs rw 0 0
      """#
    let mounts = FilesystemMetrics.mounts(Array(text.utf8))
    #expect(mounts.map(\.mountPoint) == ["/", "/data of\tall\\us", "/run"])
    #expect(mounts.map(\.isReadOnly) == [false, true, false])
    #expect(FilesystemMetrics.samples(mounts[0], nil).map(\.value) == [1])
    #expect(
      lines(FilesystemMetrics.samples(mounts[1], .init(size: 4, free: 3, available: 2, files: 1, filesFree: 0)))[1]
        == #"node_filesystem_size_bytes{device="/dev/vdb",fstype="xfs",mountpoint="/data of\#tall\\us"} 4.0"#)
  }

  @Test func `of any bytes are read without stopping`() {
    let pieces = ["cpu", "0", " ", "\n", ":", "kB", "total=", "some", "\\0", "9", "nvme", "eth0:", "/", "ro", "-1e400"]
    for seed in fuzzSeeds(1000) {
      var random = SplitMix64(seed: seed)
      let bytes = (0..<Int(random.next() % 80)).flatMap { _ in Array(pieces[Int(random.next() % 15)].utf8) }
      let samples =
        KernelMetrics.stat(bytes) + KernelMetrics.memory(bytes) + KernelMetrics.loadAverage(bytes)
        + KernelMetrics.fileDescriptors(bytes) + KernelMetrics.virtualMemory(bytes)
        + KernelMetrics.pressure("io", bytes) + DeviceMetrics.disks(bytes) + DeviceMetrics.network(bytes)
        + FilesystemMetrics.mounts(bytes).flatMap { FilesystemMetrics.samples($0, nil) }
      #expect(samples.allSatisfy { !$0.name.isEmpty })
    }
  }
}

@Suite struct `node_exporter` {
  private static let program = "/usr/bin/prometheus-node-exporter"

  @Test(.enabled("needs node_exporter") { FileManager.default.isExecutableFile(atPath: program) })
  func `gives the metrics that we give, and the values of those that stand still`() async throws {
    let exporter = try Exporter()
    // Other tests mount and unmount file systems of their own meanwhile.
    let theirs = try await exporter.series().filter { !$0.key["mountpoint"].hasPrefix("/tmp/") }
    let ours = try series(HostReader().exposition(now: .at(0))).filter { !$0.key["mountpoint"].hasPrefix("/tmp/") }
    let names = Set(ours.keys.map { $0["__name__"] })
    let expected = theirs.filter { names.contains($0.key["__name__"]) }
    #expect(names.count > 100)
    #expect(Set(ours.keys.map(\.description)).symmetricDifference(expected.keys.map(\.description)) == [])
    for (labels, value) in expected where Self.standsStill(labels["__name__"]) {
      #expect(ours[labels] == value, "\(labels)")
    }
  }

  private static func standsStill(_ name: String) -> Bool {
    [
      "node_memory_MemTotal_bytes", "node_memory_SwapTotal_bytes", "node_filesystem_size_bytes",
      "node_filesystem_files", "node_filesystem_readonly", "node_filesystem_device_error", "node_uname_info",
      "node_network_mtu_bytes", "node_network_flags", "node_network_up", "node_network_speed_bytes",
      "node_filefd_maximum", "node_boot_time_seconds", "node_network_iface_id", "node_network_protocol_type",
      "node_network_device_id", "node_entropy_pool_size_bits", "node_nf_conntrack_entries_limit",
      "node_network_receive_nohandler_total", "node_network_transmit_queue_length",
    ].contains(name)
  }

  private func series(_ text: [UInt8]) throws -> [Labels: Double] {
    var parser = ExpositionParser(text, .text)
    var series: [Labels: Double] = [:]
    while let sample = try parser.next() { series[try parser.labels(of: sample)] = sample.value }
    return series
  }

  /// The real program on a free port of loopback, with the defaults of its makers and not those of Debian.
  private struct Exporter {
    private let server: RealServer

    init() throws {
      server = try RealServer(program) { _, address in
        [
          "--web.listen-address=\(address)", "--log.level=error",
          "--collector.filesystem.mount-points-exclude="
            + "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
          "--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$",
          "--collector.netdev.device-exclude=^$",
        ]
      }
    }

    func series() async throws -> [Labels: Double] {
      let transport = try CurlTransport(version: "test")
      let request = HTTPRequest(url: server.url + "/metrics", responseLimit: 10 << 20)
      while !Task.isCancelled {
        guard let answer = try? await transport.send(request) else {
          await Task.yield()
          continue
        }
        return try `node_exporter`().series(answer.body)
      }
      throw CancellationError()
    }
  }
}
