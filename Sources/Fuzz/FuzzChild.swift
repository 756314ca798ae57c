import Foundation
import TestKit

/// Tries mutated inputs on one target until its time is up.
struct FuzzChild {
  /// The longest that one input may take, in seconds.
  private static let patience: UInt32 = 10
  /// Inputs grow by mutation; longer ones are cut.
  private static let longest = 1 << 16
  /// Memory beyond this is an error too.
  private static let memory: rlim_t = 4 << 30

  private let options: FuzzOptions

  init(_ options: FuzzOptions) {
    self.options = options
  }

  func run() throws {
    var limit = rlimit(rlim_cur: Self.memory, rlim_max: Self.memory)
    setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    guard let target = options.targets.first else { return }
    let seeds = options.seeds(target)
    let note = try FuzzNote(options.current(target))
    var random = SplitMix64(seed: options.seed)
    for seed in seeds { attempt(seed, on: target, note) }
    let end = Date().addingTimeInterval(options.seconds)
    var count = 0
    while count % 64 != 0 || Date() < end {
      count += 1
      let seed = seeds.randomElement(using: &random) ?? []
      var input = Mutation.mutated(seed, using: &random)
      if Bool.random(using: &random), let other = seeds.randomElement(using: &random), !other.isEmpty {
        let cut = Int.random(in: 0...input.count, using: &random)
        let from = Int.random(in: 0..<other.count, using: &random)
        input = Array(input[..<cut] + other[from...])
      }
      attempt(Array(input.prefix(Self.longest)), on: target, note)
    }
    alarm(0)
    try? FileManager.default.removeItem(atPath: options.current(target))
    print("\(target.rawValue): \(count) inputs, nothing stopped")
  }

  private func attempt(_ input: [UInt8], on target: FuzzTarget, _ note: FuzzNote) {
    note.write(input)
    alarm(Self.patience)
    target.attempt(input)
  }
}

/// A file that holds the input at hand, whatever becomes of the process.
final class FuzzNote {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  deinit {
    close(descriptor)
  }

  func write(_ input: [UInt8]) {
    _ = input.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    ftruncate(descriptor, off_t(input.count))
  }
}
