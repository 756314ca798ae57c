@testable import Git
import Glibc
import Model
import Testing

@Suite(.enabled(if: Installed.git, "git is not installed"))
struct `A mirror` {
  @Test func `follows a branch and downloads only what is new`() async throws {
    let source = try await SourceRepository()
    let first = try await source.commit(["tenants/shop/a.yaml": "a"])
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: "file://" + source.path)
    let start = try mirror.fetchHere(remote)
    #expect(start.specs == Mirror.Head(ref: "refs/heads/main", commit: first))
    #expect(start.specs.revision.description == "main@sha1:\(first.hex)")
    #expect(start.isChanged && start.receivedObjects == 5)

    let again = try mirror.fetchHere(remote)
    #expect(!again.isChanged && again.receivedObjects == 0 && again.receivedBytes == 0)

    let second = try await source.commit(["tenants/shop/b.yaml": "b"])
    let next = try mirror.fetchHere(remote)
    #expect(next.specs.commit == second && next.isChanged && next.receivedObjects == 5)
    #expect(try mirror.repository.isAncestor(first, of: second))
  }

  @Test(arguments: ["quiet", "refs/heads/quiet", "v1", "v2", "refs/tags/v2"])
  func `follows a branch, a tag or a full ref`(ref: String) async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    let wanted = try await source.commit(["a": "b"])
    for arguments in [["branch", "quiet"], ["tag", "v1"], ["tag", "-a", "-m", "two", "v2"]] {
      try await runTool(["git", "-C", source.path] + arguments)
    }
    try await source.commit(["a": "c"])
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path, ref: ref)
    #expect(try mirror.fetchHere(remote).specs.commit == wanted)
    #expect(try !mirror.fetchHere(remote).isChanged)
  }

  @Test func `follows a second ref that comes and goes`() async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path, silencesRef: "silences")
    #expect(try mirror.fetchHere(remote).silences == nil)
    try await source.git("checkout", "-q", "--orphan", "silences")
    let silence = try await source.commit(["s.yaml": "s"])
    let with = try mirror.fetchHere(remote)
    #expect(with.silences?.commit == silence && with.isChanged)
    try await source.git("checkout", "-q", "main")
    try await source.git("branch", "-q", "-D", "silences")
    let without = try mirror.fetchHere(remote)
    #expect(without.silences == nil && without.isChanged)
  }

  @Test func `serves what it has after a restart, while the remote is gone`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a.yaml": "text"])
    let folder = try TemporaryFolder()
    let remote = try RemoteSettings(url: "file://" + source.path)
    try Mirror.open(at: folder.path + "/mirror").mirror.fetchHere(remote)
    try await runTool(["rm", "-rf", source.path])

    let (mirror, setAside) = try Mirror.open(at: folder.path + "/mirror")
    #expect(setAside == nil)
    let error = await failure { try mirror.fetchHere(remote) }
    #expect(error == .noSuchRepository(remote: "file://" + source.path), "\(String(describing: error))")
    #expect(try mirror.head(.specs) == Mirror.Head(ref: "refs/heads/main", commit: head))
    let entry = try #require(try mirror.repository.entries(at: head).first)
    #expect(try mirror.repository.blob(entry.blob) == Array("text".utf8))
  }

  @Test func `brings a rewritten history and can tell`() async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    let dropped = try await source.commit(["a": "b"])
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path)
    try mirror.fetchHere(remote)
    try mirror.setApplied(["shop": dropped])
    try await source.git("reset", "-q", "--hard", "HEAD~1")
    let head = try await source.commit(["a": "c"])
    #expect(try mirror.fetchHere(remote).specs.commit == head)
    #expect(try !mirror.repository.isAncestor(dropped, of: head))
    #expect(try mirror.repository.commit(dropped).id == dropped)
  }

  @Test func `lists what exists where a branch doesn't`() async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    try await source.git("tag", "v1")
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path, ref: "mian")
    #expect(await failure { try mirror.fetchHere(remote) } == .noSuchRef("mian", available: ["main", "v1"]))
  }

  @Test func `tells an empty repository from a missing one`() async throws {
    let source = try await SourceRepository()
    let mirror = try Mirror.temporary()
    let empty = try RemoteSettings(url: source.path)
    #expect(await failure { try mirror.fetchHere(empty) } == .emptyRepository(remote: source.path))
    let missing = try RemoteSettings(url: "file://" + source.path + "-not")
    #expect(
      await failure { try mirror.fetchHere(missing) } == .noSuchRepository(remote: "file://" + source.path + "-not"))
  }

  @Test func `names a repository with SHA-256 ids`() async throws {
    let folder = try TemporaryFolder()
    try await runTool(["git", "init", "-q", "--object-format=sha256", folder.path])
    let mirror = try Mirror.temporary()
    let error = await failure { try mirror.fetchHere(try RemoteSettings(url: folder.path)) }
    #expect(error?.description.contains("SHA-256") == true, "\(String(describing: error))")
  }

  @Test func `remembers what was applied, scope by scope`() async throws {
    let source = try await SourceRepository()
    let (one, two) = (try await source.commit(["a": "a"]), try await source.commit(["a": "b"]))
    let mirror = try Mirror.temporary()
    try mirror.fetchHere(try RemoteSettings(url: source.path))
    let scopes = ["platform": one, "shop": one, "shop/checkout": two, "größe..lock ~^:?*[@{.lock": two]
    try mirror.setApplied(scopes)
    try mirror.setApplied(["shop": two])
    try mirror.removeApplied("platform")
    try mirror.removeApplied("platform")
    var expected = scopes
    expected["shop"] = two
    expected["platform"] = nil
    #expect(try mirror.applied() == expected)
    #expect(try Mirror.open(at: mirror.path).mirror.applied() == expected)
  }

  @Test func `refuses to note a commit that it doesn't have`() async throws {
    let mirror = try Mirror.temporary()
    let id = try #require(ObjectID(String(repeating: "b", count: 40)))
    #expect(await failure { try mirror.setApplied(["shop": id]) } == .objectMissing(id))
    #expect(await failure { try mirror.repository.commit(id) } == .objectMissing(id))
  }

  @Test(arguments: [
    "rm -rf objects/pack", "for f in objects/pack/*; do chmod u+w $f; echo x >$f; done", "rm HEAD", "echo [ >config",
  ])
  func `that is damaged is set aside and begun anew`(damage: String) async throws {
    let source = try await SourceRepository()
    try await source.commit(["a": "a"])
    let folder = try TemporaryFolder()
    let path = folder.path + "/mirror"
    let remote = try RemoteSettings(url: source.path)
    try Mirror.open(at: path).mirror.fetchHere(remote)
    try await runTool(["sh", "-c", "cd \(path) && \(damage)"])
    let (mirror, setAside) = try Mirror.open(at: path)
    #expect(setAside?.path == path + ".damaged-1")
    #expect(access(path + ".damaged-1", F_OK) == 0)
    #expect(try mirror.head(.specs) == nil)
    #expect(try mirror.fetchHere(remote).isChanged)
  }

  @Test func `clears away what a killed process left`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a": "a"])
    let folder = try TemporaryFolder()
    let path = folder.path + "/mirror"
    let remote = try RemoteSettings(url: source.path)
    try Mirror.open(at: path).mirror.fetchHere(remote)
    let left = ["refs/belfry/remote/specs.lock", "config.lock", "objects/pack/pack_git2_x1y2z3"].map { path + "/" + $0 }
    for file in left { try await runTool(["touch", file]) }
    let mirror = try Mirror.open(at: path).mirror
    #expect(left.allSatisfy { access($0, F_OK) != 0 })
    #expect(try mirror.fetchHere(remote).specs.commit == head)
  }

  @Test func `can't be where a file is`() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", to: "file")
    let error = await failure { try Mirror.open(at: file + "/mirror") }
    #expect(error == .storage(path: file + "/mirror", detail: "Not a directory"))
  }

  @Test func `puts many small packs together`() async throws {
    let source = try await SourceRepository()
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path)
    var commits: [ObjectID] = []
    for index in 0..<40 {
      commits.append(try await source.commit(["a": "\(index)"]))
      try mirror.fetchHere(remote)
    }
    let packs = Mirror.names(in: mirror.path + "/objects/pack").filter { $0.hasSuffix(".pack") }
    #expect(packs.count < 33)
    for (index, commit) in commits.enumerated() {
      let entry = try #require(try mirror.repository.entries(at: commit).first)
      #expect(try mirror.repository.blob(entry.blob) == Array("\(index)".utf8))
    }
    try await runTool(["git", "-C", mirror.path, "fsck", "--strict", "--full"])
  }
}
