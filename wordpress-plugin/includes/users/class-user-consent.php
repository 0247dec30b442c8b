<?php
/**
 * What a user agreed to.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * The consent of each user, kept with the user and for this site only: the words, when and where.
 */
final class User_Consent {

	public const META = 'gateway_connector_consent';

	private const REFUSED = 'no';

	/**
	 * The name under which this site keeps it; users of a network have one for each site.
	 */
	public static function key(): string {
		global $wpdb;
		return $wpdb->get_blog_prefix() . self::META;
	}

	/**
	 * Keeps the words that a user agrees to now. If the user had agreed to the same words before, the first time stays.
	 *
	 * @param string $source Where that was.
	 */
	public static function give( int $user_id, User_Sync_Settings $settings, string $source ): void {
		$consent = array_filter(
			array(
				'text'          => $settings->label,
				'policyUrl'     => $settings->policy_url,
				'policyVersion' => $settings->policy_version,
			)
		);
		if ( array_intersect_key( self::given_by( $user_id ), array_flip( array( 'text', 'policyUrl', 'policyVersion' ) ) ) !== $consent ) {
			update_user_meta(
				$user_id,
				self::key(),
				wp_slash(
					$consent + array(
						'source' => mb_substr( $source, 0, 200 ),
						'at'     => gmdate( 'Y-m-d\TH:i:s\Z' ),
					)
				)
			);
		}
	}

	public static function withdraw( int $user_id ): void {
		delete_user_meta( $user_id, self::key() );
	}

	/**
	 * Remembers that a user wants nothing to be sent, whatever the settings say.
	 */
	public static function refuse( int $user_id ): void {
		update_user_meta( $user_id, self::key(), self::REFUSED );
	}

	/**
	 * What a user agreed to with the box: text, source, at, and maybe policyUrl and policyVersion; empty if they did not.
	 *
	 * @return array<string,string>
	 */
	public static function given_by( int $user_id ): array {
		$consent = get_user_meta( $user_id, self::key(), true );
		return is_array( $consent ) ? $consent : array();
	}

	/**
	 * The consent to send to the gateway; empty when there is none.
	 *
	 * @return array<string,string>
	 */
	public static function of( WP_User $user, User_Sync_Settings $settings ): array {
		if ( User_Sync_Settings::BOX === $settings->consent ) {
			return self::given_by( $user->ID );
		}
		if ( self::REFUSED === get_user_meta( $user->ID, self::key(), true ) ) {
			return array();
		}
		// Users who registered later cannot have agreed before.
		$at = max( $settings->since . 'T00:00:00Z', str_replace( ' ', 'T', $user->user_registered ) . 'Z' );
		return array_filter(
			array(
				'text'          => $settings->text,
				'source'        => $settings->source,
				'at'            => $at,
				'policyUrl'     => $settings->policy_url,
				'policyVersion' => $settings->policy_version,
			)
		);
	}

	/**
	 * Forgets the consent of all users of this site.
	 */
	public static function remove_all(): void {
		delete_metadata( 'user', 0, self::key(), '', true );
	}
}
