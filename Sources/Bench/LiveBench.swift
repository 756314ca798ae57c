import Foundation

/// A running controller, watched through its log.
private struct Running {
  let id: pid_t
  let log: String
  let started: Double
  let data: String

  init(_ belfry: String, repository: String, data: String) {
    log = data + ".log"
    self.data = data
    try? FileManager.default.removeItem(atPath: log)
    started = seconds()
    id = Child.spawn(
      [
        belfry, "run", "--repo", "file://" + repository, "--branch", "main", "--data-dir", data, "--listen",
        "127.0.0.1:0", "--poll-interval", "1h",
      ], output: log)
  }

  /// The lines of an event so far.
  func lines(_ event: String) -> [Substring] {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { $0.contains(" \(event) ") }
  }

  /// Waits until an event was logged `count` times.
  func wait(for event: String, _ count: Int) {
    let limit = seconds() + 120
    while lines(event).count < count {
      guard seconds() < limit else { fail("'\(event)' was not seen; the log is \(log)") }
      usleep(500)
    }
  }

  func stop() -> Usage {
    kill(id, SIGTERM)
    return Child.wait(for: id, since: started)
  }
}

/// Start, memory, and one changed file from push to live.
func benchLive(_ belfry: String, files: Int, commits: Int) async throws {
  let repository = try GeneratedRepository(files: files, interval: "1h")
  let bare = repository.makeGit()
  let data = repository.folder + "-data"
  defer {
    repository.remove()
    for path in [bare, data, data + ".log"] { try? FileManager.default.removeItem(atPath: path) }
  }
  let plan = Child.run([belfry, "diff", repository.folder, "--base", "HEAD~1"])
  guard plan.code == 0 else { fail("diff exited with \(plan.code)") }
  report(
    Figure(
      "\(files * 10) rules: plan of everything, against an empty commit",
      String(format: "%.2f s, %.0f MB", plan.wall, plan.peakMB)))
  let first = Running(belfry, repository: bare, data: data)
  first.wait(for: "sync.applied", 1)
  report(Figure("\(files * 10) rules: first start, fetch and all", String(format: "%.2f s", seconds() - first.started)))
  let latencies = try pushes(repository, bare, first, commits)
  report(
    Figure("  one changed file, push to live", Spread(latencies).text("ms", 0), target: files >= 10_000 ? "40 ms" : ""))
  try await benchReload(repository, files: files, ours: latencies)
  report(Figure("  resident after \(commits) commits", String(format: "%.0f MB", Child.residentMB(first.id))))
  _ = first.stop()
  let second = Running(belfry, repository: bare, data: data)
  second.wait(for: "state.restored", 1)
  let ready = seconds() - second.started
  sleep(2)
  let resident = Child.residentMB(second.id)
  let usage = second.stop()
  report(
    Figure(
      "  start again, until what was live is live", String(format: "%.2f s", ready),
      target: files >= 10_000 ? "2.5 s" : ""))
  report(
    Figure(
      "  resident at idle; peak", String(format: "%.0f MB; %.0f MB", resident, usage.peakMB),
      target: files >= 10_000 ? "300 MB peak" : "60 MB at idle with 10,000 rules"))
}

private func pushes(
  _ repository: GeneratedRepository, _ bare: String, _ running: Running, _ commits: Int
) throws -> [Double] {
  try (0..<commits).map { round in
    try repository.commitChange(round, to: bare)
    let pushed = seconds()
    kill(running.id, SIGHUP)
    running.wait(for: "sync.applied", round + 2)
    return (seconds() - pushed) * 1000
  }
}
