import Crypto
import CryptoExtras

extension SSHSignature {
  /// An RSA signature by PKCS#1 v1.5 over SHA-256 or SHA-512 (RFC 8332); over SHA-1, `ssh-rsa`, none counts.
  func holdsByRSA(for message: [UInt8], modulus: [UInt8], exponent: [UInt8]) throws(SignatureFault) -> Bool {
    guard algorithm != "ssh-rsa" else {
      throw .invalid("the signature is of the type ssh-rsa, over SHA-1; rsa-sha2-256 and rsa-sha2-512 are accepted")
    }
    guard algorithm == "rsa-sha2-256" || algorithm == "rsa-sha2-512" else {
      throw .invalid("the signature is of the type '\(Self.shown(algorithm))', and its key of 'ssh-rsa'")
    }
    guard signature.count <= modulus.count else { throw .invalid("the signature is longer than its RSA key") }
    guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { return false }
    let padded = [UInt8](repeating: 0, count: modulus.count - signature.count) + signature
    let number = _RSA.Signing.RSASignature(rawRepresentation: padded)
    return algorithm == "rsa-sha2-256"
      ? key.isValidSignature(number, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
      : key.isValidSignature(number, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
  }
}
