@testable import Git
import Model
import TestKit
import Testing

/// A commit signed with ssh-keygen (OpenSSH 9.2), of the name 883070cc443e41218ca448684f3ec52bc8348753.
private enum Vector {
  static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINYSV8DKDPz5N8SxjUmb1bP9CUnsKifzjwITRSgXhwCw"
  static let fingerprint = "SHA256:KChbCwLkH6K1oZ7YZKKGwCghqbdfcGR84ueqvr2LwvA"
  static let head = """
    tree aaff74984cccd156a469afa7d9ab10e4777beb24
    author Dev <dev@example.com> 1795215499 +0000
    committer Dev <dev@example.com> 1795215499 +0000

    """
  static let signature = """
    gpgsig -----BEGIN SSH SIGNATURE-----
     U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg1hJXwMoM/Pk3xLGNSZvVs/0JSe
     wqJ/OPAhNFKBeHALAAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
     AAAAQPhQAMqPMG+a4d1fTBWRRueG66frwFXF4am48mUEvgSzAnIGKZObB4UUNYhvfOGjnp
     qLPY20YQPDldPOKUB8vQ0=
     -----END SSH SIGNATURE-----

    """
  static let message = "\nfirst signed\n"
  static let object = Array((head + signature + message).utf8)
}

@Suite struct `A signed commit's bytes` {
  @Test func `verify by the key they were signed with`() throws {
    let object = Vector.object
    let name = SHA1.hash(Array("commit \(object.count)".utf8) + [0] + object)
    #expect(name.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined().hasPrefix("883070cc443e41"))
    let signature = try #require(CommitSignature(commit: object))
    #expect(signature.payload == Array((Vector.head + Vector.message).utf8))
    #expect(signature.payload.count == 155)
    let key = try #require(SigningKey(line: Vector.key))
    #expect(signature.standing == .valid(key, fingerprint: Vector.fingerprint))
    #expect(try SSHArmor.decode(signature.armor).count == 173)
  }

  @Test func `without a signature are unsigned`() {
    #expect(CommitSignature.standing(ofCommit: Array((Vector.head + Vector.message).utf8)) == .unsigned)
    #expect(CommitSignature.standing(ofCommit: []) == .unsigned)
    #expect(CommitSignature.standing(ofCommit: Array("\ngpgsig x\n".utf8)) == .unsigned)
  }

  @Test func `are what was signed once both signatures are taken out, and nothing else`() throws {
    let other = Vector.signature.replacing("gpgsig ", with: "gpgsig-sha256 ")
    let both = Vector.head + Vector.signature + other + Vector.message
    #expect(isValid(CommitSignature.standing(ofCommit: Array(both.utf8))))
    let merged = Vector.head + "mergetag object 1\n type commit\n gpgsig x\n" + Vector.signature + Vector.message
    let payload = CommitSignature(commit: Array(merged.utf8))?.payload
    #expect(payload == Array((Vector.head + "mergetag object 1\n type commit\n gpgsig x\n" + Vector.message).utf8))
    #expect(!isValid(CommitSignature.standing(ofCommit: Array(merged.utf8))))
    let inMessage = Vector.head + Vector.signature + Vector.message + "\n" + Vector.signature
    #expect(!isValid(CommitSignature.standing(ofCommit: Array(inMessage.utf8))))
  }

  @Test func `that were changed never verify`() throws {
    for index in Vector.object.indices {
      var object = Vector.object
      object[index] ^= 1
      #expect(!isValid(CommitSignature.standing(ofCommit: object)), "byte \(index)")
    }
  }

  @Test(arguments: fuzzSeeds(200))
  func `that were mutated never verify, and never trap`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let expected = CommitSignature(commit: Vector.object)
    for _ in 0..<20 {
      let object = Mutation.mutated(Vector.object, using: &random)
      guard isValid(CommitSignature.standing(ofCommit: object)) else { continue }
      // What verifies still says the same: the mutation hit nothing but how the armour is written.
      #expect(CommitSignature(commit: object)?.payload == expected?.payload)
    }
  }
}

@Suite struct `An SSH signature` {
  private let blob = try? SSHArmor.decode(CommitSignature(commit: Vector.object)?.armor ?? "")
  private let payload = CommitSignature(commit: Vector.object)?.payload ?? []

  private func standing(_ blob: [UInt8]) -> SignatureStanding { standingOf(blob, payload) }

  @Test func `cut off anywhere says where it ends`() throws {
    let blob = try #require(blob)
    for length in blob.indices {
      guard case .invalid(let why) = standing(Array(blob[..<length])) else {
        Issue.record("\(length) bytes are not refused")
        continue
      }
      #expect(why.hasPrefix("the signature"), "\(why)")
    }
    #expect(standing(Array(blob[..<20])) == .invalid("the signature ends too early: its key is cut off"))
    #expect(standing(Array(blob[..<70])) == .invalid("the signature ends too early: its namespace is cut off"))
    #expect(standing(blob + [0]) == .invalid("something follows the end of the signature"))
  }

  @Test func `with other fields is refused in a word`() throws {
    let parts = Parts(payload: payload)
    #expect(parts.standing { _ in } == .invalid(Self.notOver(Vector.fingerprint)))
    #expect(
      parts.standing { $0.version = 2 }
        == .unsupported("the signature is of version 2 of its format; version 1 is accepted"))
    #expect(parts.standing { $0.namespace = "file" } == .invalid("the signature is for 'file', not for 'git'"))
    #expect(
      parts.standing { $0.hash = "sha1" }
        == .invalid("the signature's hash is 'sha1'; sha256 and sha512 are accepted"))
    #expect(
      parts.standing { $0.algorithm = "rsa-sha2-512" }
        == .invalid("the signature is of the type 'rsa-sha2-512', and its key of 'ssh-ed25519'"))
    #expect(parts.standing { $0.after = [1] } == .invalid("something follows the signature's own bytes"))
    #expect(parts.standing { $0.key = [] } == .invalid("the signature's key can't be read"))
    #expect(
      parts.standing { $0.key = Array("ssh-ed25519".utf8).sshString }
        == .invalid("the signature's key can't be read as ssh-ed25519"))
    #expect(
      parts.standing { $0.key = Array("sk-ssh-ed25519@openssh.com".utf8).sshString }
        == .unsupported(
          "signatures by keys in a security token (sk-ssh-ed25519@openssh.com) are not checked;"
            + " ssh-ed25519, ecdsa and RSA are"))
    #expect(
      parts.standing { $0.key = Array("ssh-dss".utf8).sshString }
        == .unsupported(
          "signatures by keys of the type 'ssh-dss' are not checked; ssh-ed25519, ecdsa and RSA are"))
    #expect(
      parts.standing { $0.key = Array("ssh-ed25519-cert-v01@openssh.com".utf8).sshString }
        == .unsupported("signatures by certificates are not checked; sign with the plain key"))
  }

  static func notOver(_ fingerprint: String) -> String {
    "the signature is not over this commit, or not by its key (\(fingerprint))"
  }

  @Test(arguments: [
    ("-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----", "OpenPGP signatures are not checked"),
    ("-----BEGIN PGP MESSAGE-----\n-----END PGP MESSAGE-----", "OpenPGP signatures are not checked"),
    ("-----BEGIN SIGNED MESSAGE-----\nMII\n-----END SIGNED MESSAGE-----", "X.509 signatures are not checked"),
  ])
  func `of another sort is told, with what is accepted`(armor: String, words: String) {
    let object = Vector.head + "gpgsig " + armor.replacing("\n", with: "\n ") + "\n" + Vector.message
    #expect(
      CommitSignature.standing(ofCommit: Array(object.utf8))
        == .unsupported(
          words + "; SSH signatures are: 'git config gpg.format ssh', and 'user.signingkey' with the path of the"
            + " public key"))
  }

  @Test(arguments: [
    ("x", "the signature doesn't begin with '-----BEGIN SSH SIGNATURE-----'"),
    ("-----BEGIN SSH SIGNATURE-----\nAAAA", "the signature doesn't end with '-----END SSH SIGNATURE-----'"),
    ("-----BEGIN SSH SIGNATURE-----\nA*\n-----END SSH SIGNATURE-----", "the signature's text is not base64"),
    ("-----BEGIN SSH SIGNATURE-----\nAAA\n-----END SSH SIGNATURE-----", "the signature's text is not base64"),
    ("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----", "the signature doesn't begin with 'SSHSIG'"),
  ])
  func `in a broken armour is refused in a word`(armor: String, why: String) {
    let object = Vector.head + "gpgsig " + armor.replacing("\n", with: "\n ") + "\n" + Vector.message
    #expect(CommitSignature.standing(ofCommit: Array(object.utf8)) == .invalid(why))
  }
}

/// The fields of a signature by ``Vector/key`` that is none.
private struct Parts {
  var payload: [UInt8]
  var version: UInt8 = 1
  var key: [UInt8] = SigningKey(line: Vector.key)?.wire ?? []
  var namespace = "git"
  var hash = "sha512"
  var algorithm = "ssh-ed25519"
  var after: [UInt8] = []

  func standing(_ change: (inout Parts) -> Void) -> SignatureStanding {
    var parts = self
    change(&parts)
    let inner = Array(parts.algorithm.utf8).sshString + [UInt8](repeating: 7, count: 64).sshString + parts.after
    let blob =
      Array("SSHSIG".utf8) + [0, 0, 0, parts.version] + parts.key.sshString + Array(parts.namespace.utf8).sshString
      + Array("reserved".utf8).sshString + Array(parts.hash.utf8).sshString + inner.sshString
    return standingOf(blob, payload)
  }
}

/// What checking the signature in these bytes comes to.
func standingOf(_ blob: [UInt8], _ payload: [UInt8]) -> SignatureStanding {
  do throws(SignatureFault) {
    let signature = try SSHSignature(blob: blob)
    try signature.verify(payload, namespace: "git")
    return .valid(signature.key, fingerprint: signature.key.fingerprint)
  } catch {
    switch error {
    case .invalid(let why): return .invalid(why)
    case .unsupported(let what): return .unsupported(what)
    }
  }
}

func isValid(_ standing: SignatureStanding) -> Bool {
  if case .valid = standing { true } else { false }
}
