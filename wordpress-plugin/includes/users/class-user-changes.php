<?php
/**
 * What the gateway does not know yet about a user.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * Compares what a user is now with what the gateway knows. This happens when a change is sent, never before. So the newest state goes out.
 */
final class User_Changes {

	private User_Sync_Settings $settings;

	public function __construct( User_Sync_Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * The changes, as the gateway's API describes them, without their keys.
	 *
	 * @return array[]
	 */
	public function of( WP_User $user ): array {
		if ( ! $this->settings->is_active() ) {
			return array();
		}
		$synced = User_Synced::lists_of( $user->ID );
		$items  = array();
		$lists  = $this->lists_of( $user );
		foreach ( array_diff( array_keys( $synced ), $lists ) as $list ) {
			$items[] = self::removal( $synced[ $list ]['email'], (string) $list );
		}
		foreach ( $lists as $list ) {
			$item   = $this->membership( $user, $list );
			$before = $synced[ $list ] ?? array();
			if ( array() === $before || User_Synced::digest( $item ) !== $before['digest'] ) {
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
	 * The lists to remove a user from. Asked before the user is deleted, while this is known.
	 *
	 * @return array<string,string[]> Lists by address.
	 */
	public function known_lists( WP_User $user ): array {
		$lists = array();
		foreach ( User_Synced::lists_of( $user->ID ) as $list => $synced ) {
			$lists[ $synced['email'] ][] = (string) $list;
		}
		// A change may be on its way to the gateway at this moment.
		$all                        = array_merge( $lists[ $user->user_email ] ?? array(), $this->lists_of( $user ) );
		$lists[ $user->user_email ] = array_values( array_unique( $all ) );
		return array_filter( $lists );
	}

	public static function removal( string $email, string $list_id ): array {
		return array(
			'action' => 'delete',
			'email'  => $email,
			'list'   => $list_id,
		);
	}

	private function membership( WP_User $user, string $list_id ): array {
		$item = array(
			'action'     => 'upsert',
			'email'      => $user->user_email,
			'name'       => User_Fields::name( $user ),
			'language'   => mb_substr( get_user_locale( $user ), 0, 20 ),
			'properties' => (object) array_map(
				static fn( string $field ) => User_Fields::value( $user, $field ),
				$this->settings->properties
			),
			'list'       => $list_id,
			'optIn'      => User_Sync_Settings::GIVEN === $this->settings->consent ? 'proven' : 'double',
			'consent'    => User_Consent::of( $user, $this->settings ),
		);
		if ( '' === $item['name'] ) {
			unset( $item['name'] );
		}
		return $item;
	}

	private static function with_previous( array $item, string $previous ): array {
		return '' === $previous || mb_strtolower( $previous ) === mb_strtolower( $item['email'] )
			? $item
			: $item + array( 'previousEmail' => $previous );
	}
}
