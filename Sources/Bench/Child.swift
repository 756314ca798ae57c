import Foundation
// The structs of time belong to whichever module the compiler read first, which differs with the files around.
import SwiftOverlayShims

/// What a process took, by the operating system's own accounting.
struct Usage {
  var wall: Double
  /// User and system time.
  var cpu: Double
  /// The most memory that it held, in MB.
  var peakMB: Double
  var code: Int32
}

/// Runs programs and reads what they took.
enum Child {
  /// Runs a program to its end; its output goes nowhere.
  static func run(_ arguments: [String]) -> Usage {
    let start = seconds()
    let id = spawn(arguments, output: "/dev/null")
    return wait(for: id, since: start)
  }

  /// Starts a program whose output and errors go to a file.
  static func spawn(_ arguments: [String], output: String) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var copies: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, arguments[0], &actions, nil, &copies, environ)
    guard code == 0 else { fail("\(arguments[0]) can't be started: \(String(cString: strerror(code)))") }
    return id
  }

  /// Waits for a program's end.
  static func wait(for id: pid_t, since start: Double) -> Usage {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
    return Usage(
      wall: seconds() - start, cpu: usage.ru_utime.seconds + usage.ru_stime.seconds,
      peakMB: Double(usage.ru_maxrss) / 1024, code: (status >> 8) & 0xff)
  }

  /// The memory that a running process holds, in MB.
  static func residentMB(_ id: pid_t) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
    return Double(line?.split(separator: " ").dropFirst().first ?? "0").map { $0 / 1024 } ?? 0
  }
}

extension timeval {
  var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

/// Seconds on a clock that only goes forward.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The processor time that this process has taken.
func ownCPU() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_utime.seconds + usage.ru_stime.seconds
}

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data(("belfry-bench: " + message + "\n").utf8))
  exit(1)
}
