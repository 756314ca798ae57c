@testable import Git
import Glibc
import Model
import Testing

@Suite(.enabled(if: Installed.git, "git is not installed"))
struct `A working tree` {
  private let author = WorkingTree.Author(name: "Ana", email: "ana@example.com")

  @Test func `is found from any folder inside it`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["tenants/shop/a.yaml": "a"])
    let tree = try WorkingTree.discover(from: source.path + "/tenants/../tenants/shop")
    #expect(tree.root == source.path && tree.folder == "tenants/shop")
    #expect(try tree.head() == head)
    let root = try WorkingTree.discover(from: source.path)
    #expect(root.folder.isEmpty)
    #expect(await failure { try WorkingTree.discover(from: "/proc") } == .noRepository(path: "/proc"))
  }

  @Test func `has no head before the first commit`() async throws {
    #expect(try WorkingTree.discover(from: try await SourceRepository().path).head() == nil)
  }

  @Test func `is found in a linked worktree with extensions`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a": "a"])
    try await source.git("config", "core.repositoryFormatVersion", "1")
    try await source.git("config", "extensions.worktreeConfig", "true")
    let linked = source.folder.path + "/linked"
    try await source.git("worktree", "add", "-q", linked)
    let tree = try WorkingTree.discover(from: linked)
    #expect(tree.root == linked)
    #expect(try tree.head() == head)
    #expect(try tree.repository.entries(at: head).count == 1)
  }

  @Test(arguments: ["HEAD", "main", "v1", "HEAD~0", "refs/heads/main"])
  func `resolves what people name commits by`(revision: String) async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a": "a"])
    try await source.git("tag", "-a", "-m", "one", "v1")
    let tree = try WorkingTree.discover(from: source.path)
    #expect(try tree.resolve(revision) == head)
    #expect(try tree.resolve(head.short) == head)
    for wrong in ["nothing", "HEAD~9", "-x", "", "main:a"] {
      #expect(await failure { try tree.resolve(wrong) } == .noSuchRevision(wrong))
    }
  }

  @Test func `knows its upstream and where it left it`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "a"])
    let clone = source.folder.path + "/clone"
    try await runTool(["git", "clone", "-q", source.path, clone])
    try await source.commit(["a": "upstream"])
    try await runTool(["git", "-C", clone, "fetch", "-q"])
    try await runTool(["git", "-C", clone, "checkout", "-q", "-b", "change"])
    try await runTool(["git", "-C", clone, "commit", "-q", "--allow-empty", "-m", "mine"])
    let tree = try WorkingTree.discover(from: clone)
    let upstream = WorkingTree.Upstream(remote: "origin", url: source.path, defaultRef: "refs/remotes/origin/main")
    #expect(try tree.upstream() == upstream)
    let head = try #require(try tree.head())
    #expect(head != base)
    #expect(try tree.base(of: head) == base)
    #expect(try !tree.isShallow())
    #expect(try WorkingTree.discover(from: source.path).upstream() == nil)
  }

  @Test func `knows its upstream as continuous integration leaves it`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "a"])
    let clone = source.folder.path + "/clone"
    try await runTool(["git", "clone", "-q", "--depth", "1", "file://" + source.path, clone])
    try await runTool(["git", "-C", clone, "checkout", "-q", "--detach"])
    try await runTool(["git", "-C", clone, "remote", "set-head", "origin", "--delete"])
    let tree = try WorkingTree.discover(from: clone)
    #expect(try tree.isShallow())
    #expect(try tree.upstream()?.defaultRef == "refs/remotes/origin/main")
    #expect(try tree.base(of: base) == base)
  }

  @Test func `tells which files differ, saved or not, tracked or not`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "1", "b": "1", "c": "1", "d": "1", ".gitignore": "ignored\n"])
    try await source.commit(["a": "2"])
    for (name, text) in [("b", "22"), ("new file", "n"), ("ignored", "i")] {
      _ = try source.folder.write(text, to: "source/" + name)
    }
    _ = try source.folder.write("33", to: "source/c")
    try await source.git("add", "c")
    _ = remove(source.path + "/d")
    let tree = try WorkingTree.discover(from: source.path)
    #expect(try tree.changedFiles(since: base) == ["a", "b", "c", "d", "new file"])
  }

  @Test func `writes a commit beside what is checked out`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["tenants/shop/a.yaml": "a", "b": "b"])
    let tree = try WorkingTree.discover(from: source.path)
    let now = Timestamp(millisecondsSinceEpoch: 1_700_000_000_999)
    let files = ["tenants/shop/a.yaml": Array("new".utf8), "tenants/bank/s.yaml": Array("s".utf8)]
    let commit = try tree.commitFiles(files, onto: base, message: "silence\n", author: author, at: now)
    let info = try tree.repository.commit(commit)
    #expect(info.parents == [base] && info.author == "Ana <ana@example.com>")
    #expect(info.committedAt == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
    #expect(
      try tree.repository.changes(from: base, to: commit).map(\.path) == ["tenants/bank/s.yaml", "tenants/shop/a.yaml"])
    #expect(try await source.git("status", "--porcelain").isEmpty)
    #expect(try tree.head() == base)

    let first = try tree.commitFiles(["s.yaml": Array("s".utf8)], onto: nil, message: "first", author: author, at: now)
    #expect(try tree.repository.entries(at: first).map(\.path) == ["s.yaml"])
    try tree.setBranch("silences", to: first)
    #expect(try tree.resolve("silences") == first)
    #expect(
      await failure { try tree.setBranch("main", to: first) }?.description.contains("'main' is checked out") == true)
    try await source.git("fsck", "--strict")
  }

  @Test func `refuses paths and authors that git can't take`() async throws {
    let source = try await SourceRepository()
    let base = try await source.commit(["a": "a"])
    let tree = try WorkingTree.discover(from: source.path)
    for path in ["../x", "/x", ".git/config", "a/../../x", ""] {
      let error = await failure {
        try tree.commitFiles([path: []], onto: base, message: "x", author: author, at: .epoch)
      }
      #expect(error != nil, "\(path)")
    }
    let nobody = WorkingTree.Author(name: "", email: "")
    #expect(
      await failure { try tree.commitFiles(["x": []], onto: base, message: "x", author: nobody, at: .epoch) } != nil)
  }

  @Test func `reads who works here`() async throws {
    let source = try await SourceRepository()
    let tree = try WorkingTree.discover(from: source.path)
    let file = try source.folder.write("[user]\nname = Ben\nemail = ben@example.com\n", to: "gitconfig")
    #expect(try tree.author(files: ["/nonexistent", file]) == .init(name: "Ben", email: "ben@example.com"))
    #expect(try tree.author(files: []) == nil)
    try await source.git("config", "user.name", "Ana")
    try await source.git("config", "user.email", "ana@example.com")
    #expect(try tree.author(files: [file]) == author)
  }

  @Test func `brings the branch that a silence is added to, and pushes it`() async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    try await source.git("checkout", "-q", "-b", "silences")
    let tip = try await source.commit(["s.yaml": "s"])
    let (bare, clone) = (source.folder.path + "/bare", source.folder.path + "/clone")
    try await runTool(["git", "clone", "-q", "--bare", source.path, bare])
    try await runTool(["git", "clone", "-q", "-b", "main", "--single-branch", bare, clone])
    let tree = try WorkingTree.discover(from: clone)
    let remote = try RemoteSettings(url: try #require(try tree.upstream()?.url), ref: "silences")
    guard case .fetched(let report) = await FetchChild.tests.run(tree.fetchRequest(remote), deadline: .seconds(60))
    else {
      Issue.record("nothing was fetched")
      return
    }
    #expect(report.heads.map(\.commit) == [tip])
    let commit = try tree.commitFiles(["t.yaml": []], onto: tip, message: "t", author: author, at: .epoch)
    let push = tree.pushRequest(commit, toBranch: "silences", of: remote)
    let outcome = await FetchChild.tests.run(push, deadline: .seconds(60))
    #expect(outcome == .pushed, "\(outcome)")
    #expect(try await runTool(["git", "-C", bare, "rev-parse", "silences"]) == commit.hex)
    #expect(try tree.repository.refs(under: "refs/belfry/").isEmpty)
  }
}
