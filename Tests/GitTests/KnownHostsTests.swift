@testable import Git
import Model
import Testing

@Suite struct `Known hosts` {
  private static let key: [UInt8] = Array("a key".utf8)
  private static let text = "\(key.base64)"
  private static let other = "\("another".utf8.base64)"

  private func verdict(_ lines: String, host: String = "git.example.com", port: Int = 22) -> KnownHosts.Verdict {
    KnownHosts(lines).verdict(host: host, port: port, type: "ssh-ed25519", key: Self.key)
  }

  @Test(arguments: [
    "git.example.com", "GIT.Example.com", "a,git.example.com,b", "*.example.com", "git.exam?le.*",
    "!other.example.com,*.example.com",
  ])
  func `name a host plainly or by pattern`(hosts: String) {
    #expect(verdict("# comment\n\n\(hosts) ssh-ed25519 \(Self.text) somebody's comment\n") == .known)
  }

  @Test(arguments: ["git.example.co", "example.com", "!git.example.com,*.example.com", "[git.example.com]:2222", ""])
  func `don't name others`(hosts: String) {
    #expect(verdict("\(hosts) ssh-ed25519 \(Self.text)") == .unknown)
  }

  @Test func `name a port other than 22 in brackets`() {
    #expect(verdict("[git.example.com]:2222 ssh-ed25519 \(Self.text)", port: 2222) == .known)
    #expect(verdict("git.example.com ssh-ed25519 \(Self.text)", port: 2222) == .unknown)
  }

  @Test func `tell a changed key from a key of another type`() {
    #expect(verdict("git.example.com ssh-ed25519 \(Self.other)") == .changed)
    #expect(verdict("git.example.com ssh-rsa \(Self.other)") == .otherTypes(["ssh-rsa"]))
    #expect(verdict("git.example.com ssh-ed25519 \(Self.other)\n*.example.com ssh-ed25519 \(Self.text)") == .known)
  }

  @Test func `refuse a revoked key even where another line has it`() {
    let line = "git.example.com ssh-ed25519 \(Self.text)"
    #expect(verdict("\(line)\n@revoked * ssh-ed25519 \(Self.text)") == .revoked)
    #expect(verdict("\(line)\n@revoked * ssh-ed25519 \(Self.other)") == .known)
  }

  @Test func `tell that an authority can't be used`() {
    #expect(verdict("@cert-authority *.example.com ssh-ed25519 \(Self.text)") == .certificateAuthority)
  }

  /// RFC 2202, test cases 1, 2 and 6.
  @Test(arguments: [
    (Array(repeating: UInt8(0x0b), count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (
      Array(repeating: UInt8(0xaa), count: 80), "Test Using Larger Than Block-Size Key - Hash Key First",
      "aa4ae5e15272d00e95705637ce8a3b55ed402112"
    ),
  ])
  func `hash as the standard says`(key: [UInt8], text: String, digest: String) {
    let hash = SHA1.authenticate(Array(text.utf8), key: key)
    #expect(hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digest)
  }

  @Test(.enabled(if: Installed.sshd, "ssh-keygen is not installed"), arguments: [22, 2222])
  func `are read as ssh-keygen hashes them`(port: Int) async throws {
    let folder = try TemporaryFolder()
    let name = port == 22 ? "git.example.com" : "[git.example.com]:\(port)"
    try await runTool(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.path + "/key"])
    let key = try await runTool(["cut", "-d", " ", "-f", "1,2", folder.path + "/key.pub"])
    let file = try folder.write("\(name) \(key)\n", to: "known_hosts")
    try await runTool(["ssh-keygen", "-q", "-H", "-f", file])
    let text = try #require(readText(file))
    #expect(text.hasPrefix("|1|"))
    let bytes = try #require(key.split(separator: " ")[1].utf8.base64Decoded)
    #expect(KnownHosts(text).verdict(host: "git.example.com", port: port, type: "ssh-ed25519", key: bytes) == .known)
    #expect(KnownHosts(text).verdict(host: "git.example.org", port: port, type: "ssh-ed25519", key: bytes) == .unknown)
  }
}
