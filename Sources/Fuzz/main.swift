// The fuzzer: `belfry-fuzz [TARGET…] [--seconds N] [--seed N]`. It mutates the inputs of Tests/Fuzz in child processes, and
// keeps an input that stops one, or that takes longer than ten seconds.
import Foundation
import TestKit

let options = try FuzzOptions(Array(CommandLine.arguments.dropFirst()))
if options.isChild {
  try FuzzChild(options).run()
} else {
  exit(try FuzzParent(options).run() ? 0 : 1)
}
