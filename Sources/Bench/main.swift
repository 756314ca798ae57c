// The benchmark: `belfry-bench [--quick] [--notifications|--live|--api]`. What it measures, and what bounds it, is in docs/benchmarks.md.
import Foundation
import Model

let arguments = Array(CommandLine.arguments.dropFirst())

if arguments.first == "stub", arguments.count == 3 {
  try serveStub(StubAnswer(rawValue: arguments[1]) ?? .empty, portFile: arguments[2])
}

if arguments.first == "storm", arguments.count == 2, let count = Int(arguments[1]) {
  runStorm(alerts: count)
  exit(0)
}

let isQuick = arguments.contains("--quick")
if arguments.contains("--notifications") {
  try await benchNotification(alerts: isQuick ? 10_000 : 100_000, runs: isQuick ? 1 : 5)
  exit(0)
}
// `--live`: start, memory and one changed file alone.
let isLiveOnly = arguments.contains("--live")
let belfry = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/belfry"
guard FileManager.default.isExecutableFile(atPath: belfry) else { fail("\(belfry) isn't built; use make bench") }

if isLiveOnly {
  try await benchLive(belfry, files: isQuick ? 100 : 10_000, commits: 10)
  exit(0)
}
// `--api`: what readers of the status API get.
if arguments.contains("--api") {
  try await benchAPI(
    belfry, alerts: isQuick ? 1000 : 10_000, requests: isQuick ? 50 : 5000, for: isQuick ? 1 : 5)
  exit(0)
}
try benchCheck(belfry, files: isQuick ? 1000 : 10_000, runs: isQuick ? 1 : 5)
try await benchLive(belfry, files: isQuick ? 100 : 1000, commits: 10)
if !isQuick { try await benchLive(belfry, files: 10_000, commits: 10) }
for answer in StubAnswer.allCases {
  for groups in isQuick ? [8] : [1, 8, 64] {
    try await benchEvaluation(answer, groups: groups, for: isQuick ? 1 : 3)
  }
}
try await benchNotification(alerts: isQuick ? 10_000 : 100_000, runs: isQuick ? 1 : 5)
try await benchAPI(belfry, alerts: isQuick ? 1000 : 10_000, requests: isQuick ? 50 : 5000, for: isQuick ? 1 : 5)
try benchTests(belfry, files: isQuick ? 20 : 200, runs: isQuick ? 1 : 5)
benchParsing(runs: isQuick ? 1 : 5)
let day = EngineBench(
  series: isQuick ? 100 : 1000, points: 5760,
  end: Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970) / 15 * 15_000))
try await day.run(runs: isQuick ? 1 : 5, instants: isQuick ? 100 : 2000)
