@testable import Git
import Model
import Testing

@Suite(.enabled(if: Installed.git && Installed.python && Installed.sshd, "git, python3 or sshd is not installed"))
struct `Fetching over ssh` {
  private struct Fixture {
    let source: SourceRepository
    let server: SSHServer

    init() async throws {
      source = try await SourceRepository()
      try await source.commit(["tenants/shop/a.yaml": "a"])
      server = try await SSHServer.shared()
    }

    func remote(
      key: String = "ed25519", passphrase: String? = nil, hosts: SSHServer.Hosts? = .plain,
      host: String = "localhost", path: String? = nil
    ) throws -> RemoteSettings {
      try RemoteSettings(
        url: "ssh://\(server.user)@\(host):\(server.port)\(path ?? source.path)",
        credentials: .sshKey(privateKeyFile: server.key(key), passphrase: passphrase.map { Secret($0) }),
        knownHostsFile: hosts.map { server.file($0) }
      )
    }

    func error(_ remote: RemoteSettings) async -> GitError? {
      await failure { try Mirror.temporary().fetchHere(remote) }
    }
  }

  @Test(arguments: [SSHServer.Hosts.plain, .withECDSA, .hashed])
  func `brings what is new from a server that is known`(hosts: SSHServer.Hosts) async throws {
    let fixture = try await Fixture()
    let mirror = try Mirror.temporary()
    let remote = try fixture.remote(hosts: hosts)
    #expect(try mirror.fetchHere(remote).receivedBytes > 0)
    #expect(try mirror.fetchHere(remote).receivedObjects == 0)
    let head = try await fixture.source.commit(["tenants/shop/a.yaml": "b"])
    #expect(try mirror.fetchHere(remote).specs.commit == head)
  }

  @Test(arguments: [("ecdsa", nil), ("locked", "open")])
  func `takes ECDSA keys and keys with a passphrase`(key: String, passphrase: String?) async throws {
    let fixture = try await Fixture()
    #expect(try Mirror.temporary().fetchHere(try fixture.remote(key: key, passphrase: passphrase)).isChanged)
  }

  @Test func `refuses a server that isn't known, and shows how to know it`() async throws {
    let fixture = try await Fixture()
    let empty = try fixture.source.folder.write("", to: "empty")
    var remote = try fixture.remote()
    remote.knownHostsFile = empty
    guard case .hostKeyUnknown(let key, file: empty) = await fixture.error(remote) else {
      Issue.record("an unknown server was talked to")
      return
    }
    #expect(key.host == "localhost" && key.port == fixture.server.port)
    let file = fixture.server.key(key.type == "ssh-ed25519" ? "host_ed25519" : "host_ecdsa")
    #expect(try await runTool(["ssh-keygen", "-l", "-f", file + ".pub"]).contains(key.fingerprint))
    let kind = key.type == "ssh-ed25519" ? "ed25519" : "ecdsa"
    let text = GitError.hostKeyUnknown(key, file: empty).description
    #expect(
      text.hasSuffix("add the output of 'ssh-keyscan -p \(key.port) -t \(kind) localhost' to '\(empty)'"), "\(text)")
  }

  @Test func `refuses any server where no known_hosts file is named`() async throws {
    let fixture = try await Fixture()
    let error = await fixture.error(try fixture.remote(hosts: nil))
    #expect(error?.description.contains("name a known_hosts file") == true, "\(String(describing: error))")
  }

  @Test func `refuses a server whose key has changed`() async throws {
    let fixture = try await Fixture()
    let error = await fixture.error(try fixture.remote(hosts: .changed))
    guard case .hostKeyChanged(let key, file: fixture.server.file(.changed)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(key.type == "ssh-ed25519")
  }

  @Test func `refuses a server whose key is revoked`() async throws {
    let fixture = try await Fixture()
    let error = await fixture.error(try fixture.remote(hosts: .revoked))
    guard case .hostKeyRevoked = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `names a known_hosts file that can't be read`() async throws {
    let fixture = try await Fixture()
    var remote = try fixture.remote()
    remote.knownHostsFile = "/nonexistent/hosts"
    let error = await fixture.error(remote)
    let text = "the known_hosts file '/nonexistent/hosts' can't be read: No such file or directory"
    #expect(error == .unusableSetting(detail: text))
  }

  @Test(arguments: [
    ("stranger", nil, "it refused the key"), ("locked", "shut", "can't be used"), ("none", nil, "can't be read"),
  ])
  func `tells which key didn't do`(key: String, passphrase: String?, words: String) async throws {
    let fixture = try await Fixture()
    let error = await fixture.error(try fixture.remote(key: key, passphrase: passphrase))
    guard case .authenticationFailed(_, let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains(words) && detail.contains(fixture.server.key(key)), "\(detail)")
  }

  @Test func `names libssh2 where an RSA key is refused`() async throws {
    let fixture = try await Fixture()
    let error = await fixture.error(try fixture.remote(key: "rsa"))
    guard case .unsupported(let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail.contains("is an RSA key: libssh2 1.10"))
  }

  @Test func `tells that a repository isn't there`() async throws {
    let fixture = try await Fixture()
    let remote = try fixture.remote(path: "/nonexistent/alerts")
    #expect(await fixture.error(remote) == .noSuchRepository(remote: remote.url.description))
  }

  @Test func `asks for a key where a token is set`() async throws {
    let fixture = try await Fixture()
    var remote = try fixture.remote()
    remote.credentials = .token(Secret("x"))
    let error = await fixture.error(remote)
    #expect(
      error?.description.contains("it takes ssh keys, and a token is set") == true, "\(String(describing: error))")
  }
}
