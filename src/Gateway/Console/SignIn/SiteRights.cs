namespace Gateway.Console.SignIn;

/// <summary>What somebody may do at a site. Public, like the components, because Razor makes them so.</summary>
[Flags]
public enum SiteRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See its pages: a viewer's.</summary>
    See = 1,

    /// <summary>Find people, hand out and prove what is kept of them, and erase them: the privacy role's.</summary>
    Privacy = 2,

    /// <summary>Change it; a site manager has this and all others.</summary>
    Manage = 4,
}
