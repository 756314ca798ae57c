package import Model

/// Signatures of group robots. Feishu and DingTalk differ in which text is the key, in the unit of time, and in where
/// the signature goes.
package enum RobotSignature {
  /// The time in seconds, and the signature in base64: time, line feed and secret are the key of the HMAC, and its
  /// message is empty.
  package static func feishu(at time: Timestamp, key: String) -> (timestamp: String, sign: String) {
    let seconds = String(time.millisecondsSinceEpoch / 1000)
    return (seconds, hmacSHA256(key: Array((seconds + "\n" + key).utf8), []).base64)
  }

  /// `timestamp=…&sign=…` for the URL: the time in milliseconds, line feed and secret are the message of the HMAC, and
  /// the secret is its key; percent-encoded once.
  package static func dingTalk(at time: Timestamp, key: String) -> String {
    let milliseconds = String(time.millisecondsSinceEpoch)
    let sign = hmacSHA256(key: Array(key.utf8), Array((milliseconds + "\n" + key).utf8)).base64
    return "timestamp=" + milliseconds + "&sign=" + sign.percentEncoded
  }
}
