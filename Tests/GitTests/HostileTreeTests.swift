import Git
import Glibc
import Model
import Testing

@Suite struct `A name in a tree` {
  @Test(arguments: [
    ("rules.yaml", "rules.yaml", nil), ("größe 1.yaml", "größe 1.yaml", nil), ("监控.yaml", "监控.yaml", nil),
    ("..a", "..a", nil), (".gitignore", ".gitignore", nil),
    ("a\nb.yaml", #"a\nb.yaml"#, "has a name with a line break or another control character"),
    ("a\u{1b}[2Jb", #"a\033[2Jb"#, "has a name with a line break or another control character"),
    (#"a\b"#, #"a\\b"#, "has a name with a backslash"), ("a/b", #"a\057b"#, "has a name with a slash inside"),
    ("", "", "has an empty name"), (".", ".", "leads out of its folder"), ("..", "..", "leads out of its folder"),
    (".git", ".git", "has the name of git's own folder"), (".GiT", ".GiT", "has the name of git's own folder"),
    ("a\u{202e}lmay.b", #"a\342\200\256lmay.b"#, "has a name with characters that hide what it is"),
  ])
  func `is taken, or told what is wrong with it`(name: String, shown: String, fault: String?) {
    let name = PathName(Array(name.utf8))
    #expect(name.text == shown)
    #expect(name.fault == fault)
  }

  @Test func `stands between slashes in a path`() {
    #expect(PathName.shown(path: Array("../a\n/\u{1b}".utf8)) == #"../a\n/\033"#)
  }

  @Test func `that is not UTF-8 is shown byte by byte`() {
    let name = PathName([0x61, 0xff, 0x2e])
    #expect(name.text == #"a\377."#)
    #expect(name.fault == "has a name that is not UTF-8")
  }
}

@Suite(.enabled(if: Installed.git, "git is not installed"))
struct `Hostile trees` {
  private func words(_ change: FileChange) -> String {
    let sign = change.old == nil ? "+" : change.new == nil ? "-" : "~"
    switch change.mode {
    case .refused(let why): return "\(sign)\(change.path): \(why)"
    case .refusedFolder(let why): return "\(sign)\(change.path)/: \(why)"
    default: return sign + change.path
    }
  }

  @Test func `give paths that can't be mistaken, and everything beside them`() async throws {
    let source = try await SourceRepository()
    let (a, b) = (try await source.blob("a"), try await source.blob("b"))
    let inner = try await source.tree([("100644", "x.yaml", a)])
    let tree = try await source.object(
      "tree",
      RawTree(
        bytes: [
          ("40000", Array("..".utf8), inner), ("40000", Array(".git".utf8), inner), ("100644", Array("a\nb".utf8), a),
          ("100644", [0xfe], a), ("100644", [0xff], b),
        ].sorted { $0.name.lexicographicallyPrecedes($1.name) } + []
      ).content)
    let head = try await source.commit(tree: try await source.tree([("100644", "good", a), ("40000", "t", tree)]))
    let changes = try Repository(at: source.path + "/.git").changes(from: nil, to: head)
    #expect(
      changes.map(words) == [
        "+good", "+t/../x.yaml: leads out of its folder", "+t/.git/x.yaml: has the name of git's own folder",
        #"+t/a\nb: has a name with a line break or another control character"#,
        #"+t/\376: has a name that is not UTF-8"#, #"+t/\377: has a name that is not UTF-8"#,
      ])
  }

  @Test func `that list a name twice refuse what has it, and come back once they list it once`() async throws {
    let source = try await SourceRepository()
    let (a, b) = (try await source.blob("a"), try await source.blob("b"))
    let folder = try await source.tree([("100644", "x.yaml", a)])
    let once = try await source.commit(
      tree: try await source.tree([("100644", "a.yaml", a), ("40000", "b", folder), ("100644", "é.yaml", a)]))
    let twice = try await source.commit(
      tree: try await source.tree([
        ("100644", "a.yaml", a), ("100644", "a.yaml", b), ("100644", "b", a), ("40000", "b", folder),
        ("100644", "e\u{301}.yaml", b), ("100644", "é.yaml", a),
      ]))
    let repository = try Repository(at: source.path + "/.git")
    let why = "has a name that its folder lists more than once"
    let there = try repository.changes(from: once, to: twice).map(words)
    let refused = ["+a.yaml: \(why)", "+a.yaml: \(why)", "+b: \(why)", "+b/x.yaml: \(why)", "+é.yaml: \(why)"]
    #expect(there == ["-a.yaml", "-b/x.yaml", "-é.yaml"] + refused + ["+é.yaml: \(why)"])
    #expect(try repository.changes(from: nil, to: twice).map(words) == refused + ["+é.yaml: \(why)"])
    let back = try repository.changes(from: twice, to: once)
    #expect(back.filter { $0.new != nil }.map(words) == ["+a.yaml", "+b/x.yaml", "+é.yaml"])
    #expect(Set(back.filter { $0.new == nil }.map(\.path)) == ["a.yaml", "b", "b/x.yaml", "é.yaml"])
  }

  @Test func `out of order are refused file by file, and nothing is lost`() async throws {
    let source = try await SourceRepository()
    let (a, b) = (try await source.blob("a"), try await source.blob("b"))
    let good = try await source.tree([("100644", "a.yaml", a), ("100644", "b.yaml", b)])
    let bad = try await source.tree([("100644", "b.yaml", b), ("100644", "a.yaml", a)])
    let before = try await source.commit(tree: try await source.tree([("40000", "t", good), ("100644", "z", a)]))
    let after = try await source.commit(tree: try await source.tree([("40000", "t", bad), ("100644", "z", a)]))
    let repository = try Repository(at: source.path + "/.git")
    let why = "lies in a folder whose entries are out of order"
    #expect(
      try repository.changes(from: before, to: after).map(words)
        == ["-t/a.yaml", "-t/b.yaml", "+t/b.yaml: \(why)", "+t/a.yaml: \(why)"])
    #expect(
      try repository.changes(from: after, to: before).map(words)
        == ["-t/b.yaml", "-t/a.yaml", "+t/a.yaml", "+t/b.yaml"])
  }

  @Test func `that are no trees are told of, and the rest is read`() async throws {
    let source = try await SourceRepository()
    let a = try await source.blob("a")
    let good = try await source.tree([("100644", "a.yaml", a)])
    let bad = try await source.object("tree", Array("100644 a.yaml".utf8))
    let before = try await source.commit(tree: try await source.tree([("40000", "t", good), ("100644", "z", a)]))
    let after = try await source.commit(
      tree: try await source.tree([("40000", "t", bad), ("100644", "y", a), ("100644", "z", a)]))
    let repository = try Repository(at: source.path + "/.git")
    let changes = try repository.changes(from: before, to: after)
    #expect(changes.map(\.path) == ["t", "y"])
    #expect(words(changes[0]).hasPrefix("+t/: can't be read as a folder: "), "\(words(changes[0]))")
    #expect(try repository.changes(from: after, to: before).map(words) == ["-t/: ", "+t/a.yaml", "-y"])
  }

  @Test func `whose objects don't hash to their names are told of`() async throws {
    let source = try await SourceRepository()
    let good = try await source.commit(["t/a.yaml": "a", "t/b.yaml": "b", "u/c.yaml": "c"])
    let repository = try Repository(at: source.path + "/.git")
    let entries = try repository.entries(at: good)
    // Another blob's bytes, and another tree's, under the names of these.
    try await source.swap(entries[0].blob.hex, for: entries[1].blob.hex)
    let (t, u) = (try await source.git("rev-parse", "HEAD:t"), try await source.git("rev-parse", "HEAD:u"))
    try await source.swap(u, for: t)
    let fresh = try Repository(at: source.path + "/.git")
    #expect(try fresh.blobs(entries.map(\.blob)) == [.damaged, .bytes(Array("b".utf8)), .bytes(Array("c".utf8))])
    guard case .corruptMirror(_, let detail) = await failure({ try fresh.blob(entries[0].blob) }) else {
      Issue.record("the blob was read")
      return
    }
    #expect(detail == "the bytes of \(entries[0].blob.short) don't hash to that name")
    #expect(
      try fresh.changes(from: nil, to: good).map(words) == [
        "+t/a.yaml", "+t/b.yaml",
        "+u/: can't be read: its bytes don't hash to its name, \(u.prefix(8))",
      ])
  }

  @Test func `with a blob of a gigabyte are listed, and the blob stays unread`() async throws {
    let source = try await SourceRepository()
    let id = try await runTool([
      "sh", "-c", #"truncate -s 1G "$1/large" && git -C "$1" -c core.compression=1 hash-object -w large"#, "sh",
      source.path,
    ])
    let small = try await source.blob("small")
    let head = try await source.commit(
      tree: try await source.tree([("100644", "large.yaml", id), ("100644", "small.yaml", small)]))
    let repository = try Repository(at: source.path + "/.git")
    let ids = try repository.entries(at: head).map(\.blob)
    #expect(try repository.blobs(ids) == [.tooLarge(1 << 30), .bytes(Array("small".utf8))])
  }

  @Test func `are read within a budget, and at least one blob at a time`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a": "12345", "b": "12345x", "c": "1"])
    let repository = try Repository(at: source.path + "/.git")
    let ids = try repository.entries(at: head).map(\.blob)
    #expect(try repository.blobs(ids, budget: 1).count == 1)
    #expect(try repository.blobs(ids, budget: 6).count == 2)
    #expect(try repository.blobs(ids).count == 3)
  }

  /// Time and memory are measured on the side: what counts is that one change among so many is one change.
  @Test func `of a hundred thousand files in a folder are listed, and compared in proportion`() async throws {
    let source = try await SourceRepository()
    let (a, b) = (try await source.blob("a"), try await source.blob("b"))
    func commit(_ last: String) async throws -> ObjectID {
      let script = #"""
        folder=$(seq -f f%.0f.yaml 100000 199999 | sed "s/^/100644 blob $2\t/; /f150000/s/$2/$3/" | git -C "$1" mktree)
        printf '040000 tree %s\tt\n' $folder | git -C "$1" mktree
        """#
      return try await source.commit(tree: try await runTool(["sh", "-ec", script, "sh", source.path, a, last]))
    }
    let (before, after) = (try await commit(a), try await commit(b))
    let repository = try Repository(at: source.path + "/.git")
    #expect(try repository.entries(at: before).count == 100_000)
    #expect(try repository.changes(from: before, to: after).map(\.path) == ["t/f150000.yaml"])
    #expect(await failure { try repository.entries(at: after, limit: 99_999) } == .treeTooLarge(limit: 99_999))
  }
}

extension SourceRepository {
  /// Puts the bytes of one loose object under the name of another.
  fileprivate func swap(_ id: String, for other: String) async throws {
    func file(_ id: String) -> String { path + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))" }
    try await runTool(["sh", "-c", #"rm -f "$1" && cp "$2" "$1""#, "sh", file(id), file(other)])
  }
}
