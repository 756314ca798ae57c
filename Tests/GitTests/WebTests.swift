@testable import Git
import Model
import Testing

@Suite(.enabled(if: Installed.git && Installed.python && Installed.openssl, "git, python3 or openssl is not installed"))
struct `Fetching over https` {
  private struct Fixture {
    var source: SourceRepository
    var server: WebServer

    init() async throws {
      source = try await SourceRepository()
      try await source.commit(["tenants/shop/a.yaml": "a"])
      try await source.git("config", "http.receivepack", "true")
      server = try await WebServer.shared()
    }

    /// The repository's path on the server.
    var path: String { String(source.path.dropFirst(TemporaryFolder.root.count + 1)) }

    /// How to reach the repository, or another path, at a port.
    func remote(
      _ path: String? = nil, below prefix: String = "", host: String = "localhost", port: Int? = nil,
      credentials: Credentials = .none
    ) throws -> RemoteSettings {
      try RemoteSettings(
        url: "https://\(host):\(port ?? server.securePort)/\(prefix)\(path ?? self.path)", credentials: credentials,
        certificateAuthorityFile: server.authority
      )
    }
  }

  @Test(arguments: [("", ""), ("", "/.git"), ("moved/", "")])
  func `brings what is new from a server with a certificate that is trusted`(prefix: String, suffix: String)
    async throws
  {
    let fixture = try await Fixture()
    let mirror = try Mirror.temporary()
    let remote = try fixture.remote(fixture.path + suffix, below: prefix)
    let first = try mirror.fetchHere(remote)
    #expect(first.specs.commit == (try await fixture.source.head()) && first.receivedBytes > 0)
    #expect(try mirror.fetchHere(remote).receivedObjects == 0)
    let head = try await fixture.source.commit(["tenants/shop/a.yaml": "b"])
    let second = try mirror.fetchHere(remote)
    #expect(second.specs.commit == head && second.receivedObjects == 5)
  }

  @Test func `shows its token and no other`() async throws {
    let fixture = try await Fixture()
    let mirror = try Mirror.temporary()
    #expect(try mirror.fetchHere(try fixture.remote(below: "locked/", credentials: .token(Secret("right")))).isChanged)
    let url = "https://localhost:\(fixture.server.securePort)/locked/\(fixture.path)"
    let wrong = await failure {
      try mirror.fetchHere(try fixture.remote(below: "locked/", credentials: .token(Secret("wrong"))))
    }
    #expect(wrong == .authenticationFailed(remote: url, detail: "it refused the token"))
    let none = await failure { try mirror.fetchHere(try fixture.remote(below: "locked/")) }
    #expect(none == .authenticationFailed(remote: url, detail: "it takes a token or a password, and none is set"))
    let key = await failure {
      try mirror.fetchHere(try fixture.remote(below: "locked/", credentials: .sshKey(privateKeyFile: "/none")))
    }
    #expect(key == .authenticationFailed(remote: url, detail: "it takes a password, and an ssh key is set"))
  }

  @Test func `takes a token from the address and never shows it`() async throws {
    let fixture = try await Fixture()
    let mirror = try Mirror.temporary()
    let place = "localhost:\(fixture.server.securePort)/locked/\(fixture.path)"
    let remote = try RemoteSettings(
      url: "https://x-access-token:right@\(place)", certificateAuthorityFile: fixture.server.authority
    )
    #expect(try mirror.fetchHere(remote).isChanged)
    let text = try await runTool(["sh", "-c", "cd \(mirror.path) && grep -r :right . || echo none"])
    #expect(text == "none")
    let wrong = try RemoteSettings(
      url: "https://x-access-token:wr0ng@\(place)", certificateAuthorityFile: fixture.server.authority)
    let error = await failure { try mirror.fetchHere(wrong) }
    #expect(error.map { !$0.description.contains("wr0ng") } == true)
  }

  @Test func `refuses a certificate of an authority that it doesn't know`() async throws {
    let fixture = try await Fixture()
    let remote = try fixture.remote(port: fixture.server.strangerPort)
    let error = await failure { try Mirror.temporary().fetchHere(remote) }
    guard case .certificateUntrusted(host: "localhost", let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains("not correctly signed by the trusted CA"), "\(detail)")
  }

  @Test func `names mbedTLS where an address has a certificate`() async throws {
    let fixture = try await Fixture()
    let error = await failure { try Mirror.temporary().fetchHere(try fixture.remote(host: "127.0.0.1")) }
    guard case .unsupported(let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains("knows no certificates for addresses; use the server's name"))
  }

  @Test func `names TLS 1.2 where the server wants 1.3`() async throws {
    let fixture = try await Fixture()
    let remote = try fixture.remote(port: fixture.server.modernPort)
    let error = await failure { try Mirror.temporary().fetchHere(remote) }
    #expect(error?.description.contains("refuses every TLS version") == true, "\(String(describing: error))")
  }

  @Test func `follows no redirect to another host`() async throws {
    let fixture = try await Fixture()
    let error = await failure { try Mirror.temporary().fetchHere(try fixture.remote(below: "elsewhere/")) }
    #expect(error?.description.contains("redirects") == true, "\(String(describing: error))")
  }

  @Test func `tells what is missing from what is forbidden`() async throws {
    let fixture = try await Fixture()
    let place = "https://localhost:\(fixture.server.securePort)/"
    let missing = await failure { try Mirror.temporary().fetchHere(try fixture.remote("nothing")) }
    #expect(missing == .noSuchRepository(remote: place + "nothing"))
    let forbidden = await failure { try Mirror.temporary().fetchHere(try fixture.remote(below: "forbidden/")) }
    guard case .authenticationFailed(remote: place + "forbidden/" + fixture.path, _) = forbidden else {
      Issue.record("\(String(describing: forbidden))")
      return
    }
  }

  @Test func `reports a server that is down as passing`() async throws {
    let remote = try RemoteSettings(url: "https://localhost:1/a")
    let error = await failure { try Mirror.temporary().fetchHere(remote) }
    #expect(error == .unreachable(remote: remote.url.description, detail: "connection refused"))
    #expect(error?.isTransient == true)
  }

  @Test func `reports a server that doesn't speak TLS`() async throws {
    let fixture = try await Fixture()
    let remote = try fixture.remote(port: fixture.server.plainPort)
    let error = await failure { try Mirror.temporary().fetchHere(remote) }
    guard case .unreachable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `names a CA file that can't be read`() async throws {
    let remote = try RemoteSettings(url: "https://localhost/a", certificateAuthorityFile: "/nonexistent/ca.pem")
    let error = await failure { try Mirror.temporary().fetchHere(remote) }
    #expect(error?.description.contains("'/nonexistent/ca.pem'") == true, "\(String(describing: error))")
  }

  @Test func `pushes a commit, and tells why one isn't taken`() async throws {
    let fixture = try await Fixture()
    let clone = fixture.source.folder.path + "/clone"
    try await runTool(["git", "clone", "-q", fixture.source.path, clone])
    let tree = try WorkingTree.discover(from: clone)
    let base = try #require(try tree.head())
    let author = WorkingTree.Author(name: "Ana", email: "ana@example.com")
    let commit = try tree.commitFiles(
      ["tenants/shop/silences.yaml": Array("s".utf8)], onto: base, message: "silence", author: author, at: .epoch
    )
    let remote = try fixture.remote()
    #expect(fetchInProcess(tree.pushRequest(commit, toBranch: "silences", of: remote)) == .pushed)
    #expect(try await fixture.source.head("refs/heads/silences") == commit)

    let other = try tree.commitFiles(["x": []], onto: base, message: "other", author: author, at: .epoch)
    guard case .failed(.pushRejected) = fetchInProcess(tree.pushRequest(other, toBranch: "silences", of: remote)) else {
      Issue.record("a push that drops a commit was taken")
      return
    }
    let checkedOut = fetchInProcess(tree.pushRequest(commit, toBranch: "main", of: remote))
    guard case .failed(.pushRejected(ref: "refs/heads/main", let detail)) = checkedOut else {
      Issue.record("\(checkedOut)")
      return
    }
    #expect(detail.contains("checked out"), "\(detail)")
  }
}
