<?php
/**
 * What the gateway knows about a user.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Remembers for each user what was synced to each list. So only changes are sent, and an old address is known.
 */
final class User_Synced {

	public const META = 'gateway_connector_synced';

	/**
	 * The name under which this site keeps it; users of a network have one for each site.
	 */
	public static function key(): string {
		global $wpdb;
		return $wpdb->get_blog_prefix() . self::META;
	}

	/**
	 * What was synced, by list: the address, a digest of the rest, when, and whether the gateway said that the person had unsubscribed.
	 *
	 * @return array<string,array{email:string,digest:string,at:int,unsubscribed:bool}>
	 */
	public static function lists_of( int $user_id ): array {
		return array_filter( (array) get_user_meta( $user_id, self::key(), true ), 'is_array' );
	}

	/**
	 * Records what the gateway has taken.
	 *
	 * @param array $item         A change as it was sent.
	 * @param bool  $unsubscribed Whether the person had unsubscribed and stays off the list.
	 */
	public static function record( int $user_id, array $item, bool $unsubscribed ): void {
		$synced = self::lists_of( $user_id );
		if ( 'delete' === $item['action'] ) {
			if ( ( $synced[ $item['list'] ]['email'] ?? '' ) === $item['email'] ) {
				unset( $synced[ $item['list'] ] );
			}
		} else {
			$synced[ $item['list'] ] = array(
				'email'        => $item['email'],
				'digest'       => self::digest( $item ),
				'at'           => time(),
				'unsubscribed' => $unsubscribed,
			);
		}
		if ( array() === $synced ) {
			delete_user_meta( $user_id, self::key() );
		} elseif ( false !== get_userdata( $user_id ) ) {
			update_user_meta( $user_id, self::key(), wp_slash( $synced ) );
		}
	}

	/**
	 * What is compared to find out whether there is a change.
	 */
	public static function digest( array $item ): string {
		unset( $item['key'], $item['previousEmail'] );
		$item['properties'] = (array) ( $item['properties'] ?? array() ); // Without any, JSON has an object and PHP a list.
		return md5( (string) wp_json_encode( $item ) );
	}

	public static function forget( int $user_id ): void {
		delete_user_meta( $user_id, self::key() );
	}

	/**
	 * Forgets all users of this site.
	 */
	public static function remove_all(): void {
		delete_metadata( 'user', 0, self::key(), '', true );
	}
}
