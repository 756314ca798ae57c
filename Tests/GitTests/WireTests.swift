@testable import Git
import Model
import Testing

@Suite struct `Messages between process and child` {
  private static let id = ObjectID(String(repeating: "a", count: 40))

  @Test(arguments: [
    Credentials.none, .token(username: "oauth2", Secret("t")),
    .basic(username: "ana", password: Secret("p=a\\ss\nw\rörd")),
    .sshKey(privateKeyFile: "/k", publicKeyFile: nil, passphrase: nil),
    .sshKey(privateKeyFile: "/k", publicKeyFile: "/k.pub", passphrase: Secret("")), .sshAgent(socket: "/s"),
  ])
  func `carry every sort of credentials`(credentials: Credentials) throws {
    let remote = try RemoteSettings(
      url: "git@git.example.com:a", credentials: credentials, knownHostsFile: "/hosts", certificateAuthorityFile: "/ca"
    )
    let request = FetchRequest(repository: "/mirror", remote: remote, operation: .fetch([]))
    #expect(FetchRequest(wire: request.wireBytes) == request)
  }

  @Test func `carry both operations`() throws {
    let id = try #require(Self.id)
    let remote = try RemoteSettings(url: "https://h/a")
    let tracks = [
      FetchRequest.Track(name: "specs", ref: nil, isRequired: true, known: id),
      FetchRequest.Track(name: "silences", ref: "quiet", isRequired: false),
    ]
    for operation in [FetchRequest.Operation.fetch(tracks), .push(commit: id, ref: "refs/heads/quiet")] {
      let request = FetchRequest(repository: "/mirror", remote: remote, operation: operation)
      #expect(FetchRequest(wire: request.wireBytes) == request)
    }
  }

  @Test func `carry every outcome`() throws {
    let id = try #require(Self.id)
    let key = GitError.HostKey(host: "h", port: 2222, type: "ssh-ed25519", fingerprint: "SHA256:x")
    let errors: [GitError] = [
      .unreachable(remote: "r", detail: "d"), .authenticationFailed(remote: "r", detail: "d"),
      .hostKeyUnknown(key, file: nil), .hostKeyUnknown(key, file: "/f"), .hostKeyChanged(key, file: "/f"),
      .hostKeyRevoked(key, file: "/f"), .certificateUntrusted(host: "h", detail: "a\nb"),
      .noSuchRepository(remote: "r"),
      .noSuchRef("x", available: ["a", "b"]), .noSuchRef("x", available: []), .emptyRepository(remote: "r"),
      .pushRejected(ref: "r", detail: "d"), .unusableSetting(detail: "d"), .unsupported(detail: "d"),
      .corruptMirror(path: "/p", detail: "d"), .storage(path: "/p", detail: "d"), .childFailed(detail: "d"),
    ]
    let report = FetchReport(
      heads: [.init(name: "specs", ref: "refs/heads/main", commit: id)], receivedBytes: 12, receivedObjects: 3,
      isRepacked: true
    )
    for outcome in [.fetched(report), .fetched(FetchReport(heads: [])), .pushed] + errors.map(FetchOutcome.failed) {
      if case .failed(.childFailed) = outcome { continue }
      #expect(FetchOutcome(wire: outcome.wireBytes) == outcome)
    }
    #expect(FetchOutcome(wire: FetchOutcome.failed(.objectMissing(id)).wireBytes) != nil)
  }

  @Test func `cut short anywhere are no message`() throws {
    let remote = try RemoteSettings(url: "https://h/a", credentials: .token(Secret("x")))
    let bytes = FetchRequest(repository: "/mirror", remote: remote, operation: .fetch([])).wireBytes
    #expect(bytes.indices.allSatisfy { FetchRequest(wire: Array(bytes[..<$0])) == nil })
  }
}
