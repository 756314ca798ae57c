import Git
import Glibc
import Model
import Testing

@Suite(.enabled(if: Installed.git, "git is not installed"))
struct `Trees` {
  @Test func `list files with what they are, in git's order`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit([
      "tenants/shop/a.yaml": "a", "tenants/shop.yaml": "b", "tenants/shop/checkout/r.yaml": "c", "link": "->../outside",
      "platform/größe 1.yaml": "d",
    ])
    let repository = try Repository(at: source.path + "/.git")
    let entries = try repository.entries(at: head)
    #expect(
      entries.map(\.path) == [
        "link", "platform/größe 1.yaml", "tenants/shop.yaml", "tenants/shop/a.yaml", "tenants/shop/checkout/r.yaml",
      ]
    )
    #expect(entries.map(\.mode) == [.symlink, .file, .file, .file, .file])
    let shop = try repository.entries(at: head, under: "/tenants/shop/")
    #expect(shop.map(\.path) == ["tenants/shop/a.yaml", "tenants/shop/checkout/r.yaml"])
    #expect(try repository.entries(at: head, under: "nothing").isEmpty)
    #expect(try repository.tree(at: head, under: "nothing") == nil)
    #expect(try repository.tree(at: head, under: "link") == nil)
    #expect(try repository.entry(at: head, path: "tenants/shop/a.yaml") == shop.first)
    #expect(try repository.entry(at: head, path: "tenants/shop") == nil)
    #expect(await failure { try repository.entries(at: head, limit: 4) } == .treeTooLarge(limit: 4))
  }

  @Test func `differ in what was added, changed, removed and moved`() async throws {
    let source = try await SourceRepository()
    let before = try await source.commit([
      "same/a": "a", "t/changed": "1", "t/removed": "r", "t/moved": "m", "t/file": "f", "t/dir/x": "x",
      "t/link": "text",
    ])
    let after = try await source.commit([
      "t/changed": "2", "t/removed": nil, "t/moved": nil, "t/new/moved": "m", "t/added": "n", "t/link": "->same",
    ])
    let repository = try Repository(at: source.path + "/.git")
    let changes = try repository.changes(from: before, to: after)
    func kind(_ change: FileChange) -> String {
      (change.old == nil ? "+" : change.new == nil ? "-" : "~") + change.path
    }
    #expect(changes.map(kind) == ["+t/added", "~t/changed", "~t/link", "-t/moved", "+t/new/moved", "-t/removed"])
    #expect(changes.first { $0.path == "t/link" }?.mode == .symlink)
    let (gone, come) = (changes.first { $0.path == "t/moved" }?.old, changes.first { $0.path == "t/new/moved" }?.new)
    #expect(gone == come && gone != nil)
    #expect(try repository.changes(from: before, to: after, under: "same").isEmpty)
    #expect(
      try repository.changes(from: after, to: before).map(kind).sorted()
        == changes.map { change in
          kind(FileChange(path: change.path, old: change.new, new: change.old, mode: change.mode))
        }.sorted())
    #expect(try repository.tree(at: before, under: "same") == repository.tree(at: after, under: "same"))
  }

  @Test func `tell a file that became a folder`() async throws {
    let source = try await SourceRepository()
    let before = try await source.commit(["t": "file", "t.b": "b"])
    let after = try await source.commit(["t": nil, "t/inside": "x"])
    let repository = try Repository(at: source.path + "/.git")
    let changes = try repository.changes(from: before, to: after)
    #expect(Set(changes.map(\.path)) == ["t", "t/inside"])
    #expect(try repository.entries(at: after, under: "t").count == 1)
    #expect(try repository.entries(at: before, under: "t").isEmpty)
  }

  @Test func `tell a submodule, and pass over a changed execute bit`() async throws {
    let source = try await SourceRepository()
    let before = try await source.commit(["run.yaml": "x"])
    try await source.git("update-index", "--chmod=+x", "run.yaml")
    try await source.git("update-index", "--add", "--cacheinfo", "160000,\(before.hex),module")
    try await source.git("commit", "-q", "-m", "module")
    let after = try await source.head()
    let repository = try Repository(at: source.path + "/.git")
    let changes = try repository.changes(from: before, to: after)
    #expect(changes == [FileChange(path: "module", old: nil, new: before, mode: .submodule)])
    #expect(try repository.entries(at: after).map(\.mode) == [.submodule, .executable])
    #expect(await failure { try repository.blob(before) } == .objectMissing(before))
  }

  @Test func `refuse a file that is too large`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["small": "12345", "large": "123456"])
    let repository = try Repository(at: source.path + "/.git")
    let ids = try repository.entries(at: head).map(\.blob)
    #expect(try repository.blobs(ids, limit: 5) == [.tooLarge(6), .bytes(Array("12345".utf8))])
    #expect(await failure { try repository.blob(ids[0], limit: 5) } == .fileTooLarge(ids[0], bytes: 6, limit: 5))
  }

  @Test func `nested without end are not opened, and the rest is read`() async throws {
    let source = try await SourceRepository()
    let path = (0..<250).map { "d\($0)" }.joined(separator: "/") + "/file"
    try await source.importStream(
      "commit refs/heads/main\ncommitter A <a@example.com> 1 +0000\ndata 1\nx\nM 100644 inline \(path)\ndata 1\nx\n"
        + "M 100644 inline e\ndata 1\nx\n")
    let repository = try Repository(at: source.path + "/.git")
    let entries = try repository.entries(at: try await source.head("main"))
    #expect(entries.map(\.path) == [(0..<200).map { "d\($0)" }.joined(separator: "/"), "e"])
    #expect(entries.first?.mode == .refusedFolder("is nested more than 200 folders deep"))
  }

  /// What a sync reads, measured: the figures go to the log, the counts are checked.
  @Test func `of ten thousand files are compared in proportion to the change`() async throws {
    let source = try await SourceRepository()
    let body = String(repeating: "groups: [] # a rule file of some length\n", count: 40)
    var stream = "commit refs/heads/main\ncommitter A <a@example.com> 1 +0000\ndata 1\nx\n"
    for tenant in 0..<100 {
      for file in 0..<100 {
        let text = "\(tenant) \(file)\n" + body
        stream += "M 100644 inline tenants/t\(tenant)/p\(file % 10)/f\(file).yaml\ndata \(text.utf8.count)\n\(text)\n"
      }
    }
    for time in 2...2001 {
      let file = time == 2001 ? "t7/p3/f3.yaml" : "t\(time % 100)/p\(time % 7)/f\(time % 50).yaml"
      stream += "commit refs/heads/main\ncommitter A <a@example.com> \(time) +0000\ndata 1\ny\n"
      stream += "M 100644 inline tenants/\(file)\ndata 5\n\(10000 + time)\n"
    }
    try await source.importStream(stream)
    let mirror = try Mirror.temporary()
    let clock = ContinuousClock()
    let fetching = try clock.measure { try mirror.fetchHere(try RemoteSettings(url: source.path)) }
    let repository = try Mirror.open(at: mirror.path).mirror.repository
    let (before, after) = (try await source.head("main~1"), try await source.head("main"))
    var changes: [FileChange] = []
    let comparing = try clock.measure { changes = try repository.changes(from: before, to: after, under: "tenants") }
    #expect(changes.map(\.path) == ["tenants/t7/p3/f3.yaml"])
    var entries: [TreeEntry] = []
    let listing = try clock.measure { entries = try repository.entries(at: after) }
    #expect(entries.count > 10_000)
    var bytes = 0
    let reading = try clock.measure {
      for case .bytes(let content) in try repository.blobs(entries.map(\.blob)) { bytes += content.count }
    }
    var commits: [String: CommitInfo] = [:]
    let searching = try clock.measure {
      commits = try repository.lastCommits(for: Set(entries.map(\.path)), at: after)
    }
    #expect(commits.count == entries.count)
    if getenv("BELFRY_MEASURE") != nil {
      print(
        "MEASURED fetch \(fetching), one change \(comparing), list \(listing), read \(bytes) bytes \(reading),",
        "last commits over 2,001 commits \(searching)"
      )
    }
  }
}
