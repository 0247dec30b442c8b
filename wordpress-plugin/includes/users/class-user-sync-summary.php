<?php
/**
 * What the sync of users does, in words.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User_Query;

/**
 * Says what will happen to how many users.
 */
final class User_Sync_Summary {

	/**
	 * The sentence for these settings.
	 *
	 * @param array<string,string> $names Names of the lists by id.
	 */
	public static function of( User_Sync_Settings $settings, array $names ): string {
		if ( ! $settings->enabled ) {
			return __( 'Off: nothing about users is sent.', 'gateway-connector' );
		}
		if ( array() !== $settings->missing() ) {
			/* translators: %s: what to do */
			return sprintf( __( 'No user is sent yet: %s.', 'gateway-connector' ), implode( '; ', $settings->missing() ) );
		}
		$lists = array_unique( array_column( $settings->rules, 'list' ) );
		$lists = implode( ', ', array_map( static fn( string $id ) => $names[ $id ] ?? $id, $lists ) );
		$users = self::count( $settings, false );
		if ( User_Sync_Settings::BOX === $settings->consent ) {
			/* translators: 1: number of users, 2: names of lists, 3: number of users */
			$text = _n(
				'%1$s user has a role that belongs to a list (%2$s); %3$s of them ticked the box.',
				'%1$s users have a role that belongs to a list (%2$s); %3$s of them ticked the box.',
				$users,
				'gateway-connector'
			);
			return sprintf( $text, number_format_i18n( $users ), $lists, number_format_i18n( self::count( $settings, true ) ) )
				. ' ' . __( 'People who tick it get a confirmation email and join once they confirm.', 'gateway-connector' );
		}
		/* translators: 1: number of users, 2: names of lists */
		$text = _n(
			'%1$s user joins %2$s at once, without being asked, because you say that they have agreed.',
			'%1$s users join %2$s at once, without being asked, because you say that they have agreed.',
			$users,
			'gateway-connector'
		);
		return sprintf( $text, number_format_i18n( $users ), $lists )
			. ' ' . __( 'People who unsubscribed before stay unsubscribed.', 'gateway-connector' );
	}

	/**
	 * How many users have a role that belongs to a list.
	 *
	 * @param bool $ticked Only those who ticked the box.
	 */
	public static function count( User_Sync_Settings $settings, bool $ticked ): int {
		$roles = array_column( $settings->rules, 'role' );
		if ( in_array( User_Sync_Settings::ANY_ROLE, $roles, true ) ) {
			$roles = array_keys( wp_roles()->get_names() );
		}
		$query = array(
			'role__in' => $roles,
			'fields'   => 'ID',
			'number'   => 1,
		);
		if ( $ticked ) {
			$query['meta_key']     = User_Consent::key();
			$query['meta_compare'] = 'EXISTS';
		}
		return array() === $roles ? 0 : (int) ( new WP_User_Query( $query ) )->get_total();
	}
}
