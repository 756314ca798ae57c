import Foundation

/// A spec repository of many files with ten rules each: 10 projects in each tenant, 10 files in each project.
struct GeneratedRepository {
  let folder: String
  let files: Int

  init(files: Int, source: String = "http://127.0.0.1:9", interval: String = "1m") throws {
    self.files = files
    folder = NSTemporaryDirectory() + "belfry-bench-\(getpid())-\(files)-\(UInt32.random(in: 0...UInt32.max))"
    try write(
      "platform/sources.yaml",
      """
      apiVersion: belfry/v1
      kind: DataSource
      metadata: {name: main}
      spec: {prometheus: {url: "\(source)"}, default: true}
      ---
      apiVersion: belfry/v1
      kind: Channel
      metadata: {name: terminal}
      spec: {console: {}}
      ---
      apiVersion: belfry/v1
      kind: Route
      metadata: {name: default}
      spec: {channel: terminal}

      """)
    for number in 0..<files { try write(Self.path(number), Self.rules(number, interval: interval)) }
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func path(_ number: Int) -> String {
    "tenants/team-\(number / 100)/service-\(number / 10 % 10)/rules-\(number % 10).yaml"
  }

  /// A file of ten alerting rules, as teams write them.
  static func rules(_ number: Int, interval: String = "1m", threshold: Int = 1) -> String {
    var text = "groups:\n- name: service-\(number)\n  interval: \(interval)\n  rules:\n"
    for rule in 0..<10 {
      text += """
          - alert: ServiceErrors\(rule)
            expr: |
              sum by (instance, job) (rate(http_requests_total{service="s\(number)", code=~"5..", rule="\(rule)"}[5m]))
                / sum by (instance, job) (rate(http_requests_total{service="s\(number)"}[5m])) > \(threshold)
            for: 5m
            labels:
              severity: critical
              team: team-\(number / 100)
            annotations:
              summary: '{{ $labels.instance }} answers errors at {{ $value | humanizePercentage }}'
              runbook_url: https://runbooks.example.com/service-\(number)/errors-\(rule)

        """
    }
    return text
  }

  func write(_ path: String, _ text: String) throws {
    let target = URL(fileURLWithPath: folder + "/" + path)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: target)
  }

  /// Makes a git repository of it, and returns the bare one to which `commit` pushes.
  func makeGit() -> String {
    let bare = folder + ".git"
    for arguments in [
      ["init", "-q", "--bare", "-b", "main", bare], ["-C", folder, "init", "-q", "-b", "main"],
      ["-C", folder, "config", "user.name", "Ana"], ["-C", folder, "config", "user.email", "ana@example.com"],
      ["-C", folder, "config", "gc.auto", "0"], ["-C", folder, "commit", "-q", "--allow-empty", "-m", "Empty"],
      ["-C", folder, "add", "-A"], ["-C", folder, "commit", "-qm", "Begin"],
      ["-C", folder, "push", "-q", bare, "main"],
    ] {
      guard Child.run(["git"] + arguments).code == 0 else { fail("git \(arguments.joined(separator: " ")) failed") }
    }
    return bare
  }

  /// Changes one file, commits and pushes it.
  func commitChange(_ round: Int, to bare: String) throws {
    try write(Self.path(0), Self.rules(0, threshold: 2 + round))
    _ = Child.run(["git", "-C", folder, "commit", "-qam", "Change \(round)"])
    _ = Child.run(["git", "-C", folder, "push", "-q", bare, "main"])
  }
}
