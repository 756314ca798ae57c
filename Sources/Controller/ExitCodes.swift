import ArgumentParser

/// What the exit codes of `belfry` mean; where several hold, the order of ``worst(_:)`` decides.
enum Exit: Int32, Sendable {
  case done = 0
  /// It could not do its work.
  case failed = 1
  /// `diff --detailed-exitcode`: there are changes.
  case changes = 2
  /// The specs have errors, or tests fail.
  case unsound = 3
  /// A guard would stop it.
  case guarded = 4
  case notAuthorised = 5
  /// The remote can't be reached, or the time ran out.
  case unreachable = 6
  case usage = 64

  var code: ExitCode { ExitCode(rawValue) }

  /// Of several that hold, the one to exit with: 3, then 5, 4, 2.
  static func worst(_ exits: [Exit]) -> Exit {
    let order: [Exit] = [.failed, .usage, .unreachable, .unsound, .notAuthorised, .guarded, .changes]
    return order.first(where: exits.contains) ?? .done
  }
}

/// A failure that ends a command: a text for stderr and the code to exit with.
struct CommandFailure: Error, CustomStringConvertible {
  let exit: Exit
  let description: String

  init(_ exit: Exit, _ description: String) {
    self.exit = exit
    self.description = description
  }
}
