import Foundation

/// Runs the targets one after the other in children, and keeps what stopped one.
struct FuzzParent {
  private let options: FuzzOptions

  init(_ options: FuzzOptions) {
    self.options = options
  }

  /// Returns whether nothing stopped.
  func run() throws -> Bool {
    try FileManager.default.createDirectory(atPath: options.kept, withIntermediateDirectories: true)
    print("seed \(options.seed)")
    var isSound = true
    for target in options.targets where !(try run(target)) { isSound = false }
    return isSound
  }

  private func run(_ target: FuzzTarget) throws -> Bool {
    let share = options.seconds / Double(options.targets.count)
    let child = Process()
    child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    child.arguments = [
      "--child", target.rawValue, "--seconds", "\(share)", "--seed", "\(options.seed)", "--folder", options.folder,
      "--kept", options.kept,
    ]
    try child.run()
    child.waitUntilExit()
    guard child.terminationReason != .exit || child.terminationStatus != 0 else { return true }
    let input = options.current(target)
    let kept = "\(options.kept)/\(target.rawValue)-\(options.seed)"
    try? FileManager.default.removeItem(atPath: kept)
    try? FileManager.default.moveItem(atPath: input, toPath: kept)
    let why = child.terminationStatus == SIGALRM ? "took longer than ten seconds" : "stopped the process"
    print("\(target.rawValue): an input \(why), kept as \(kept); try it with Tests/Fuzz/\(target.rawValue)")
    return false
  }
}
