using System.IO.Pipelines;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SmtpServer;
using SmtpServer.IO;
using SmtpServer.Net;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>Serves so many connections at the same time; whoever comes then waits until one of these ends.</summary>
internal sealed class FewLines(int most) : EndpointListenerFactory, IDisposable
{
    private readonly SemaphoreSlim _free = new(most);

    public override IEndpointListener CreateListener(IEndpointDefinition endpointDefinition) =>
        new Listener(base.CreateListener(endpointDefinition), _free);

    public void Dispose() => _free.Dispose();

    private sealed class Listener(IEndpointListener all, SemaphoreSlim free) : IEndpointListener
    {
        public async Task<ISecurableDuplexPipe> GetPipeAsync(ISessionContext context, CancellationToken cancellationToken)
        {
            await free.WaitAsync(cancellationToken);
            try
            {
                return new Line(await all.GetPipeAsync(context, cancellationToken), free);
            }
            catch
            {
                free.Release();
                throw;
            }
        }

        public void Dispose() => all.Dispose();
    }

    /// <summary>Gives its place back when it ends.</summary>
    private sealed class Line(ISecurableDuplexPipe pipe, SemaphoreSlim free) : ISecurableDuplexPipe
    {
        private int _ended;

        public PipeReader Input => pipe.Input;

        public PipeWriter Output => pipe.Output;

        public bool IsSecure => pipe.IsSecure;

        public SslProtocols SslProtocol => pipe.SslProtocol;

        public Task UpgradeAsync(X509Certificate certificate, SslProtocols protocols, CancellationToken cancellationToken = default) =>
            pipe.UpgradeAsync(certificate, protocols, cancellationToken);

        public void Dispose()
        {
            pipe.Dispose();
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                free.Release();
            }
        }
    }
}
