import Foundation

/// What the arguments ask for.
struct FuzzOptions {
  var targets: [FuzzTarget] = []
  /// For all targets together.
  var seconds = 60.0
  var seed = UInt64.random(in: 0...UInt64.max)
  /// Whether this process is one that may stop.
  var isChild = false
  /// Where inputs to begin with are, a folder for each target.
  var folder = "Tests/Fuzz"
  /// Where inputs that stop a target are kept.
  var kept = ".build/fuzz"

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--seconds": seconds = Double(rest.popFirst() ?? "") ?? seconds
      case "--seed": seed = UInt64(rest.popFirst() ?? "") ?? seed
      case "--folder": folder = rest.popFirst() ?? folder
      case "--kept": kept = rest.popFirst() ?? kept
      case "--child": isChild = true
      default:
        guard let target = FuzzTarget(rawValue: argument) else {
          let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
          FileHandle.standardError.write(Data("belfry-fuzz: no target '\(argument)'; there are \(known)\n".utf8))
          exit(64)
        }
        targets.append(target)
      }
    }
    if targets.isEmpty { targets = FuzzTarget.allCases }
  }

  /// The file that holds the input a child is at.
  func current(_ target: FuzzTarget) -> String { kept + "/" + target.rawValue + ".current" }

  /// The inputs to begin with, in the order of their names.
  func seeds(_ target: FuzzTarget) -> [[UInt8]] {
    let folder = folder + "/" + target.rawValue
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.compactMap { FileManager.default.contents(atPath: folder + "/" + $0).map { Array($0) } }
  }
}
