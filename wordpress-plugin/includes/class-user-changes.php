<?php
/**
 * What the gateway must be told about a user.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * Compares what a user is now with what the gateway knows. Asked when a change is sent, never before: so the newest state goes out, whatever was queued when.
 */
final class User_Changes {

	private User_Sync_Settings $settings;

	public function __construct( User_Sync_Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * The news, as the gateway's API describes changes, without their keys.
	 *
	 * @return array[]
	 */
	public function of( WP_User $user ): array {
		if ( ! $this->settings->is_active() ) {
			return array();
		}
		$told  = User_Told::to( $user->ID );
		$items = array();
		$lists = $this->lists_of( $user );
		foreach ( array_diff( array_keys( $told ), $lists ) as $list ) {
			$items[] = self::removal( $told[ $list ]['email'], (string) $list );
		}
		foreach ( $lists as $list ) {
			$item   = $this->membership( $user, $list );
			$before = $told[ $list ] ?? array();
			if ( array() === $before || User_Told::digest( $item ) !== $before['digest'] ) {
				$items[] = self::with_previous( $item, $before['email'] ?? '' );
			}
		}
		return $items;
	}

	/**
	 * The lists that a user is to be on.
	 *
	 * @return string[]
	 */
	public function lists_of( WP_User $user ): array {
		$agreed = '' !== $user->user_email && array() !== User_Consent::of( $user, $this->settings );
		return $agreed ? $this->settings->lists_of( $user->roles ) : array();
	}

	/**
	 * A user who is going: what the gateway must forget, for the time when the user is no longer there to ask.
	 *
	 * @return array<string,string[]> Lists by address.
	 */
	public function farewell( WP_User $user ): array {
		$lists = array();
		foreach ( User_Told::to( $user->ID ) as $list => $told ) {
			$lists[ $told['email'] ][] = (string) $list;
		}
		// Something may be on its way to the gateway in this moment.
		$lists[ $user->user_email ] = array_values( array_unique( array_merge( $lists[ $user->user_email ] ?? array(), $this->lists_of( $user ) ) ) );
		return array_filter( $lists );
	}

	public static function removal( string $email, string $list ): array {
		return array(
			'action' => 'delete',
			'email'  => $email,
			'list'   => $list,
		);
	}

	private function membership( WP_User $user, string $list ): array {
		$item = array(
			'action'     => 'upsert',
			'email'      => $user->user_email,
			'name'       => User_Fields::name( $user ),
			'language'   => mb_substr( get_user_locale( $user ), 0, 20 ),
			'properties' => (object) array_map( static fn( string $field ) => User_Fields::value( $user, $field ), $this->settings->properties ),
			'list'       => $list,
			'optIn'      => User_Sync_Settings::GIVEN === $this->settings->consent ? 'proven' : 'double',
			'consent'    => User_Consent::of( $user, $this->settings ),
		);
		if ( '' === $item['name'] ) {
			unset( $item['name'] );
		}
		return $item;
	}

	private static function with_previous( array $item, string $previous ): array {
		return '' === $previous || mb_strtolower( $previous ) === mb_strtolower( $item['email'] ) ? $item : $item + array( 'previousEmail' => $previous );
	}
}
