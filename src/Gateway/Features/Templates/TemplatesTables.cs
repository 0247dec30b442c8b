using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class TemplatesTables
{
    extension(GatewayDb db)
    {
        public DbSet<Template> Templates => db.Set<Template>();

        public DbSet<TemplateVersion> TemplateVersions => db.Set<TemplateVersion>();

        public DbSet<TemplateSample> TemplateSamples => db.Set<TemplateSample>();

        public DbSet<TemplateMute> TemplateMutes => db.Set<TemplateMute>();

        public DbSet<Segment> Segments => db.Set<Segment>();
    }
}
