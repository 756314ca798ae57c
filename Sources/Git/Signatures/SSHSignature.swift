import Model

/// A signature of OpenSSH's format SSHSIG (PROTOCOL.sshsig), read and not yet checked.
struct SSHSignature: Hashable {
  /// The key that it says it was made with.
  let key: SigningKey
  /// What it was made for; git's are for `git`.
  let namespace: [UInt8]
  let hash: Hash
  /// How the signature was made, such as `rsa-sha2-512`.
  let algorithm: String
  /// The signature itself, in the form of its algorithm.
  let signature: [UInt8]

  /// How the message was shortened before it was signed.
  enum Hash: String, Hashable {
    case sha256, sha512
  }

  init(armor: String) throws(SignatureFault) {
    try self.init(blob: SSHArmor.decode(armor))
  }

  /// Reads the bytes inside the armour, to the last one.
  init(blob: [UInt8]) throws(SignatureFault) {
    var fields = SSHFields(blob)
    guard let magic = fields.raw(6), magic.elementsEqual("SSHSIG".utf8) else {
      throw .invalid("the signature doesn't begin with 'SSHSIG'")
    }
    let version = try Self.read(fields.number(), "version")
    guard version == 1 else {
      throw .unsupported("the signature is of version \(version) of its format; version 1 is accepted")
    }
    let wire = try Self.read(fields.string(), "key")
    namespace = try Self.read(fields.string(), "namespace")
    // Reserved for later; whatever stands there is passed over, and isn't what was signed.
    _ = try Self.read(fields.string(), "reserved field")
    let hash = String(decoding: try Self.read(fields.string(), "hash algorithm"), as: UTF8.self)
    var inner = SSHFields(try Self.read(fields.string(), "signature"))
    guard fields.isAtEnd else { throw .invalid("something follows the end of the signature") }
    algorithm = String(decoding: try Self.read(inner.string(), "algorithm"), as: UTF8.self)
    signature = try Self.read(inner.string(), "own bytes")
    guard inner.isAtEnd else { throw .invalid("something follows the signature's own bytes") }
    guard let key = SigningKey(wire: wire) else { throw .invalid("the signature's key can't be read") }
    self.key = key
    guard let known = Hash(rawValue: hash) else {
      throw .invalid("the signature's hash is '\(Self.shown(hash))'; sha256 and sha512 are accepted")
    }
    self.hash = known
  }

  private static func read<Value>(_ value: Value?, _ what: String) throws(SignatureFault) -> Value {
    guard let value else { throw .invalid("the signature ends too early: its \(what) is cut off") }
    return value
  }

  /// A name from the signature, for a message: short, and of printable characters alone.
  static func shown(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).map { $0.isASCII && $0.value > 31 ? $0 : "?" }))
  }
}
