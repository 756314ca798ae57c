import Git
import Model
import Testing

@Suite(.enabled(if: Installed.git, "git is not installed"))
struct `History` {
  @Test func `a commit says who, when and why`() async throws {
    let source = try await SourceRepository()
    let first = try await source.commit(["a": "a"], "first", at: 1_700_000_000)
    let head = try await source.commit(["a": "b"], "raise the limit\n\nlong story", at: 1_700_000_060)
    let info = try Repository(at: source.path + "/.git").commit(head)
    #expect(info.id == head && info.parents == [first] && info.subject == "raise the limit")
    #expect(info.author == "Ana <ana@example.com>" && info.committerEmail == "ben@example.com")
    #expect(info.committedAt == Timestamp(millisecondsSinceEpoch: 1_700_000_060_000))
  }

  @Test func `commits between two states follow first parents, oldest first`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "1"], at: 1)
    try await source.git("checkout", "-q", "-b", "side")
    let side = try await source.commit(["b": "1"], at: 2)
    try await source.git("checkout", "-q", "main")
    let main = try await source.commit(["a": "2"], at: 3)
    try await source.git("merge", "-q", "--no-ff", "-m", "merge", "side", at: 4)
    let merge = try await source.head()
    let repository = try Repository(at: source.path + "/.git")
    #expect(try repository.commits(after: base, upTo: merge).commits.map(\.id) == [main, merge])
    #expect(try repository.commits(after: nil, upTo: merge).commits.map(\.id) == [base, main, merge])
    #expect(try repository.commits(after: merge, upTo: merge).commits.isEmpty)
    let limited = try repository.commits(after: base, upTo: merge, limit: 1)
    #expect(limited.commits.map(\.id) == [merge] && limited.isTruncated)
    // `side` is behind a second parent: what it lacks is told, and no more than the merge brought.
    #expect(try repository.commits(after: side, upTo: merge).commits.map(\.id) == [main, merge])
    #expect(try repository.isAncestor(side, of: merge) && !repository.isAncestor(merge, of: side))
    #expect(try repository.isAncestor(merge, of: merge))
  }

  @Test func `the way from one state to another takes first parents, and each merge as one step`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "1"], at: 1)
    try await source.git("checkout", "-q", "-b", "side")
    let side = try await source.commit(["b": "1"], at: 2)
    try await source.git("checkout", "-q", "main")
    let main = try await source.commit(["a": "2"], at: 3)
    try await source.git("merge", "-q", "--no-ff", "-m", "merge", "side", at: 4)
    let merge = try await source.head()
    let head = try await source.commit(["a": "3"], at: 5)
    let repository = try Repository(at: source.path + "/.git")
    func way(_ from: ObjectID, _ to: ObjectID) throws -> [[ObjectID]] {
      try repository.firstParentSteps(from: from, to: to).map { [$0.parent, $0.commit.id] }
    }
    #expect(try way(base, head) == [[base, main], [main, merge], [merge, head]])
    #expect(try way(head, head).isEmpty)
    // The side branch took the place of the main one: the merge answers for all that it brought.
    #expect(try way(side, head) == [[side, merge], [merge, head]])
    // Neither descends from the other, and the older one again: the head answers for all that differs.
    #expect(try way(main, side) == [[main, side]])
    #expect(try way(head, base) == [[head, base]])
  }

  @Test func `the last commit of each file is found, also behind merges`() async throws {
    let source = try await SourceRepository()
    let first = try await source.commit(["kept": "1", "t/changed": "1", "both": "1", "gone": "1"], at: 1)
    try await source.git("checkout", "-q", "-b", "side")
    let side = try await source.commit(["t/side": "1", "both": "side"], at: 2)
    try await source.git("checkout", "-q", "main")
    let main = try await source.commit(["t/changed": "2", "gone": nil], at: 3)
    try await source.git("merge", "-q", "--no-ff", "--no-commit", "side", at: 4)
    let merge = try await source.commit(["both": "merged"], "merge", at: 4)
    let head = try await source.commit(["other": "1"], at: 5)
    let repository = try Repository(at: source.path + "/.git")
    let files: Set<String> = ["kept", "t/changed", "t/side", "both", "other", "gone", "t", "nothing"]
    let found = try repository.lastCommits(for: files, at: head).mapValues(\.id)
    #expect(found == ["kept": first, "t/changed": main, "t/side": side, "both": merge, "other": head])
    #expect(try repository.lastCommits(for: files, at: head, limit: 1).mapValues(\.id) == ["other": head])
    #expect(try repository.lastCommits(for: [], at: head).isEmpty)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `the last commits are those that git log finds`(seed: UInt64) async throws {
    let source = try await SourceRepository()
    var random = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
    func next(_ below: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % below
    }
    // Commits on three branches that merge into one another, each with a change of its own.
    var stream = ""
    var last: [Int?] = [nil, nil, nil]
    for mark in 1...60 {
      let branch = next(3)
      stream += "commit refs/heads/b\(branch)\nmark :\(mark)\ncommitter A <a@example.com> \(mark) +0000\ndata 1\nx\n"
      if let parent = last[branch] ?? last.compactMap({ $0 }).first { stream += "from :\(parent)\n" }
      if last[branch] != nil, let other = last[next(3)], other != last[branch], next(3) == 0 {
        stream += "merge :\(other)\n"
      }
      for _ in 0...next(2) { stream += "M 100644 inline d\(next(2))/f\(next(5))\ndata 2\n\(10 + next(90))\n" }
      last[branch] = mark
    }
    try await source.importStream(stream)
    let tip = last.compactMap { $0 }.max() ?? 0
    let branch = last.firstIndex(of: tip) ?? 0
    let head = try await source.head("refs/heads/b\(branch)")
    let repository = try Repository(at: source.path + "/.git")
    let files = try repository.entries(at: head).map(\.path)
    let found = try repository.lastCommits(for: Set(files), at: head)
    for file in files {
      let expected = try await source.git("log", "-1", "--format=%H", head.hex, "--", file)
      #expect(found[file]?.id.hex == expected, "\(file) of seed \(seed)")
    }
  }

  @Test(.enabled(if: Installed.sshd, "ssh-keygen is not installed"))
  func `a signed commit gives its signature and what was signed`() async throws {
    let source = try await SourceRepository()
    let unsigned = try await source.commit(["a": "a"])
    let key = source.folder.path + "/key"
    try await runTool(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
    try await source.git(
      "-c", "gpg.format=ssh", "-c", "user.signingkey=\(key)", "commit", "-q", "-S", "--allow-empty", "-m", "signed"
    )
    let repository = try Repository(at: source.path + "/.git")
    #expect(try repository.signature(of: unsigned) == nil)
    let signature = try #require(try repository.signature(of: try await source.head()))
    let armor = try source.folder.write(signature.armor + "\n", to: "armor")
    let payload = try source.folder.write(String(decoding: signature.payload, as: UTF8.self), to: "payload")
    let output = try await runTool(
      ["ssh-keygen", "-Y", "check-novalidate", "-n", "git", "-s", armor], input: payload
    )
    #expect(output.hasPrefix("Good \"git\" signature"), "\(output)")
  }
}
