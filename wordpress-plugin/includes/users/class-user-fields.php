<?php
/**
 * What is known about a user.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * The fields of users that can become properties of contacts: those of WordPress, and what other plugins keep with users. Never a secret.
 */
final class User_Fields {

	private const MAX_VALUE = 1000;
	private const MAX_KEYS  = 200;

	/**
	 * Meta that says nothing about a person, or must not leave the site.
	 */
	private const PRIVATE_KEYS = '/^_|session|token|passw|secret|api_?key|2fa|totp|otp|capabilities$|user_level$'
		. '|^(dismissed|closedpostboxes|metaboxhidden|meta-box-order|screen_layout|manage|nav_menu|wp_|show_|use_ssl|infinite_scrolling'
		. '|rich_editing|syntax_highlighting|comment_shortcuts|admin_color|gateway_connector|community-events|primary_blog|source_domain'
		. '|last_update|wc_last_active)/i';

	/**
	 * Labels by field, those of WordPress first.
	 *
	 * @return array<string,string>
	 */
	public static function all(): array {
		return self::of_wordpress() + self::of_others();
	}

	/**
	 * What a user has in a field, as text.
	 */
	public static function value( WP_User $user, string $field ): string {
		if ( 'roles' === $field ) {
			$value = $user->roles;
		} else {
			$value = $user->get( $field );
		}
		$texts = array_filter( (array) $value, 'is_scalar' );
		return mb_substr( wp_check_invalid_utf8( implode( ', ', array_map( 'strval', $texts ) ), true ), 0, self::MAX_VALUE );
	}

	/**
	 * The name to greet a user with; empty when only a login is known.
	 */
	public static function name( WP_User $user ): string {
		$name = trim( $user->first_name . ' ' . $user->last_name );
		if ( '' === $name && $user->display_name !== $user->user_login && ! is_email( $user->display_name ) ) {
			$name = $user->display_name;
		}
		return mb_substr( $name, 0, 200 );
	}

	/**
	 * The fields that come with WordPress.
	 *
	 * @return array<string,string>
	 */
	private static function of_wordpress(): array {
		return array(
			'first_name'      => __( 'First name', 'gateway-connector' ),
			'last_name'       => __( 'Last name', 'gateway-connector' ),
			'nickname'        => __( 'Nickname', 'gateway-connector' ),
			'display_name'    => __( 'Display name', 'gateway-connector' ),
			'user_login'      => __( 'Username', 'gateway-connector' ),
			'user_url'        => __( 'Website', 'gateway-connector' ),
			'description'     => __( 'Biographical info', 'gateway-connector' ),
			'locale'          => __( 'Language', 'gateway-connector' ),
			'roles'           => __( 'Roles', 'gateway-connector' ),
			'user_registered' => __( 'Registered (UTC)', 'gateway-connector' ),
		);
	}

	/**
	 * What other plugins keep with this site's users, by the name they keep it under.
	 *
	 * @return array<string,string>
	 */
	private static function of_others(): array {
		global $wpdb;
		$keys = $wpdb->get_col( "SELECT DISTINCT meta_key FROM {$wpdb->usermeta} ORDER BY meta_key LIMIT 2000" );
		$keys = array_filter(
			$keys,
			static fn( $key ) => ! preg_match( self::PRIVATE_KEYS, (string) $key ) && 0 !== strpos( (string) $key, $wpdb->base_prefix )
		);
		$keys = array_slice( array_diff( $keys, array_keys( self::of_wordpress() ) ), 0, self::MAX_KEYS );
		return array() === $keys ? array() : array_combine( $keys, $keys );
	}
}
