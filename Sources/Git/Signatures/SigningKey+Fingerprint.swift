import Crypto
package import Model

extension SigningKey {
  /// The key's short name, as `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
  package var fingerprint: String {
    "SHA256:" + Array(SHA256.hash(data: wire)).base64.prefix { $0 != "=" }
  }
}
