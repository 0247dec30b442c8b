using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Admin;

/// <summary>A device with one passkey (WebAuthn, ES256), which a test makes say whatever it wants.</summary>
internal sealed class SoftAuthenticator
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte WithKey = 0x40;
    private readonly ECParameters _key = NewKey();

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What the gateway called its owner.</summary>
    public byte[]? UserHandle { get; set; } = [];

    /// <summary>How often it has signed; it counts on by itself.</summary>
    public uint Count { get; set; }

    public string Origin { get; set; } = "http://localhost";

    public string RpId { get; set; } = "localhost";

    /// <summary>Whether its owner showed a finger or a PIN.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>Makes the passkey, as navigator.credentials.create does.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        UserHandle = Base64Url.DecodeFromChars((string)asked["user"]!["id"]!);
        var signed = ClientData("webauthn.create", (string)asked["challenge"]!);
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. AuthenticatorData(WithKey), .. new byte[16], 0, (byte)Id.Length, .. Id, .. PublicKey()]);
        writer.WriteEndMap();
        return Answer(
            new()
            {
                ["clientDataJSON"] = Text(signed),
                ["attestationObject"] = Text(writer.Encode()),
                ["transports"] = new JsonArray("internal"),
            }
        );
    }

    /// <summary>Signs a challenge, as navigator.credentials.get does.</summary>
    public string Get(string options)
    {
        Count++;
        using var key = ECDsa.Create(_key);
        var signed = ClientData("webauthn.get", (string)JsonNode.Parse(options)!["challenge"]!);
        var data = AuthenticatorData(0);
        var response = new JsonObject
        {
            ["clientDataJSON"] = Text(signed),
            ["authenticatorData"] = Text(data),
            ["signature"] = Text(
                key.SignData([.. data, .. SHA256.HashData(signed)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ),
        };
        if (UserHandle is not null)
        {
            response["userHandle"] = Text(UserHandle);
        }

        return Answer(response);
    }

    private string Answer(JsonObject response) =>
        new JsonObject
        {
            ["id"] = Text(Id),
            ["rawId"] = Text(Id),
            ["type"] = "public-key",
            ["response"] = response,
            ["clientExtensionResults"] = new JsonObject(),
        }.ToJsonString();

    private byte[] ClientData(string type, string challenge) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type,
                challenge,
                origin = Origin,
                crossOrigin = false,
            }
        );

    private byte[] AuthenticatorData(byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RpId)), (byte)(Present | (IsVerified ? Verified : 0) | more), .. count];
    }

    /// <summary>COSE: an EC key on P-256.</summary>
    private byte[] PublicKey()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            writer.WriteInt32(label);
            writer.WriteInt32(value);
        }

        writer.WriteInt32(-2);
        writer.WriteByteString(_key.Q.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(_key.Q.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static ECParameters NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(includePrivateParameters: true);
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
