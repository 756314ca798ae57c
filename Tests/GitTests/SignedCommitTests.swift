@testable import Git
import Model
import Testing

/// A repository with a key to sign with.
private struct Signer {
  let source: SourceRepository
  let keyFile: String
  let key: SigningKey

  init(_ type: String, bits: Int) async throws {
    source = try await SourceRepository()
    keyFile = source.folder.path + "/key"
    try await runTool(["ssh-keygen", "-q", "-t", type, "-b", "\(bits)", "-N", "", "-C", "", "-f", keyFile])
    let line = try await runTool(["cat", keyFile + ".pub"])
    guard let key = SigningKey(line: line) else { throw ToolFailure(description: "no key: \(line)") }
    self.key = key
  }

  var repository: Repository { get throws { try Repository(at: source.path + "/.git") } }

  /// Signs a new commit, and gives its name.
  func commit(_ message: String = "signed") async throws -> ObjectID {
    try await source.git(
      "-c", "gpg.format=ssh", "-c", "user.signingkey=\(keyFile)", "commit", "-q", "-S", "--allow-empty", "-m", message)
    return try await source.head()
  }

  /// Signs bytes as `ssh-keygen -Y sign` does.
  func sign(_ payload: [UInt8], _ options: String...) async throws -> [UInt8] {
    let file = try source.folder.write(String(decoding: payload, as: UTF8.self), to: "payload")
    let armor = try await runTool(["ssh-keygen", "-q", "-Y", "sign", "-f", keyFile] + options, input: file)
    return try SSHArmor.decode(armor)
  }
}

@Suite(.enabled(if: Installed.git && Installed.sshd, "git or ssh-keygen is not installed"))
struct `Signed commits` {
  @Test(arguments: [
    ("ed25519", 256), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("rsa", 3072),
  ])
  func `of git verify by every type of key, and changed ones by none`(type: String, bits: Int) async throws {
    let signer = try await Signer(type, bits: bits)
    let commit = try await signer.commit()
    let listed = try await runTool(["ssh-keygen", "-l", "-f", signer.keyFile + ".pub"])
    let fingerprint = listed.split(separator: " ").first { $0.hasPrefix("SHA256:") }.map(String.init)
    let standing = try signer.repository.signatureStanding(of: commit)
    #expect(standing == .valid(signer.key, fingerprint: fingerprint ?? ""))

    let signature = try #require(try signer.repository.signature(of: commit))
    let blob = try SSHArmor.decode(signature.armor)
    for index in blob.indices {
      var changed = blob
      changed[index] ^= 0x41
      #expect(!isValid(standingOf(changed, signature.payload)), "byte \(index)")
    }
    for length in blob.indices { #expect(!isValid(standingOf(Array(blob[..<length]), signature.payload))) }

    // Over another commit, and under another key's name.
    let other = try #require(try signer.repository.signature(of: try await signer.commit("another")))
    #expect(
      standingOf(blob, other.payload)
        == .invalid("the signature is not over this commit, or not by its key (\(fingerprint ?? ""))"))
    let stranger = try await Signer(type, bits: bits)
    let wire = signer.key.wire.sshString
    let place = try #require(blob.firstRange(of: wire))
    let renamed = blob[..<place.lowerBound] + stranger.key.wire.sshString + blob[place.upperBound...]
    #expect(
      standingOf(Array(renamed), signature.payload)
        == .invalid("the signature is not over this commit, or not by its key (\(stranger.key.fingerprint))"))
  }

  @Test func `verify over either hash, and for git alone`() async throws {
    let signer = try await Signer("ed25519", bits: 256)
    let payload = Array("tree 1\n\nmessage\n".utf8)
    for hash in ["sha256", "sha512"] {
      let blob = try await signer.sign(payload, "-n", "git", "-O", "hashalg=\(hash)")
      #expect(isValid(standingOf(blob, payload)))
    }
    let file = try await signer.sign(payload, "-n", "file")
    #expect(standingOf(file, payload) == .invalid("the signature is for 'file', not for 'git'"))
  }

  @Test func `by RSA count over SHA-2, and by keys that are long enough`() async throws {
    let signer = try await Signer("rsa", bits: 2048)
    let payload = Array("payload".utf8)
    let blob = try await signer.sign(payload, "-n", "git")
    #expect(isValid(standingOf(blob, payload)))
    // The same signature under the names of its siblings.
    for (name, why) in [
      ("ssh-rsa", "the signature is of the type ssh-rsa, over SHA-1; rsa-sha2-256 and rsa-sha2-512 are accepted"),
      ("rsa-sha2-256", "the signature is not over this commit, or not by its key (\(signer.key.fingerprint))"),
      ("ssh-ed25519", "the signature is of the type 'ssh-ed25519', and its key of 'ssh-rsa'"),
    ] {
      #expect(standingOf(try relabelled(blob, name), payload) == .invalid(why))
    }
    let short = try await Signer("rsa", bits: 1024)
    #expect(
      standingOf(try await short.sign(payload, "-n", "git"), payload)
        == .invalid("the signature's RSA key has 1024 bits; 2048 to 16384 are accepted"))
  }

  /// The signature with another name for how it was made.
  private func relabelled(_ blob: [UInt8], _ name: String) throws -> [UInt8] {
    let signature = try SSHSignature(blob: blob)
    let inner = Array(name.utf8).sshString + signature.signature.sshString
    let tail = (Array(signature.algorithm.utf8).sshString + signature.signature.sshString).sshString
    return Array(blob.dropLast(tail.count)) + inner.sshString
  }

  @Test func `keep a merged tag in what they sign`() async throws {
    let signer = try await Signer("ed25519", bits: 256)
    try await signer.source.commit(["a": "1"])
    try await signer.source.git("checkout", "-q", "-b", "side")
    try await signer.source.commit(["b": "1"])
    let ssh = ["-c", "gpg.format=ssh", "-c", "user.signingkey=\(signer.keyFile)"]
    try await runTool(["git", "-C", signer.source.path] + ssh + ["tag", "-s", "-m", "release", "v1"])
    try await signer.source.git("checkout", "-q", "main")
    try await runTool(["git", "-C", signer.source.path] + ssh + ["merge", "-q", "--no-ff", "-S", "-m", "merge", "v1"])
    let merge = try await signer.source.head()
    let signature = try #require(try signer.repository.signature(of: merge))
    #expect(String(decoding: signature.payload, as: UTF8.self).contains("\nmergetag object "))
    #expect(isValid(try signer.repository.signatureStanding(of: merge)))
  }

  @Test func `are told from unsigned ones, and from what is no commit`() async throws {
    let source = try await SourceRepository()
    let commit = try await source.commit(["a": "a"])
    let repository = try Repository(at: source.path + "/.git")
    #expect(try repository.signatureStanding(of: commit) == .unsigned)
    let blob = try #require(try repository.entry(at: commit, path: "a")?.blob)
    #expect(await failure { try repository.signatureStanding(of: blob) } == .noSuchRevision(blob.hex))
    let missing = try #require(ObjectID(String(repeating: "1", count: 40)))
    #expect(await failure { try repository.signatureStanding(of: missing) } == .objectMissing(missing))
  }
}
