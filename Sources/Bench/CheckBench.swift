import Foundation

/// `belfry check` over a large repository, beside promtool over some of the same files.
func benchCheck(_ belfry: String, files: Int, runs: Int) throws {
  let repository = try GeneratedRepository(files: files)
  defer { repository.remove() }
  var usages: [Usage] = []
  for _ in 0..<runs { usages.append(Child.run([belfry, "check", repository.folder])) }
  guard usages.allSatisfy({ $0.code == 0 }) else { fail("check found errors in the generated repository") }
  let wall = Spread(usages.map(\.wall))
  report(Figure("check \(files) files × 10 rules: wall", wall.text("s", 2), target: "2.2 s for 10,000"))
  report(Figure("  processor time", Spread(usages.map(\.cpu)).text("s", 2)))
  report(Figure("  peak memory", Spread(usages.map(\.peakMB)).text("MB", 0), target: "150 MB"))
  benchPromtool(repository, files: files, ours: wall.median)
}

/// promtool reads file by file, so a part of them scales.
private func benchPromtool(_ repository: GeneratedRepository, files: Int, ours: Double) {
  let sample = min(files, 1000)
  let paths = (0..<sample).map { repository.folder + "/" + GeneratedRepository.path($0) }
  let usage = Child.run(["promtool", "check", "rules", "--lint=none"] + paths)
  guard usage.code == 0 else { return report(Figure("  promtool check rules", "not installed")) }
  let scaled = usage.wall * Double(files) / Double(sample)
  report(Figure("  promtool check rules, \(sample) files, scaled", String(format: "%.2f s", scaled)))
  report(Figure("  promtool / belfry", String(format: "%.1f ×", scaled / ours), target: "10 ×"))
}
