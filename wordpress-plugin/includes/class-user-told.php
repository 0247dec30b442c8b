<?php
/**
 * What the gateway knows about a user.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Remembers with each user what the gateway was told for each list, so that only news is told and an address that was left behind is known.
 */
final class User_Told {

	public const META = 'gateway_connector_told';

	/**
	 * The name under which this site keeps it; users of a network have one for each site.
	 */
	public static function key(): string {
		global $wpdb;
		return $wpdb->get_blog_prefix() . self::META;
	}

	/**
	 * What was told, by list: the address, a digest of the rest, when, and whether the gateway said that the person had left by themselves.
	 *
	 * @return array<string,array{email:string,digest:string,at:int,left:bool}>
	 */
	public static function to( int $user_id ): array {
		return array_filter( (array) get_user_meta( $user_id, self::key(), true ), 'is_array' );
	}

	/**
	 * Notes what the gateway has taken.
	 *
	 * @param array $item A change as it was sent.
	 * @param bool  $left Whether the person had left the list and stays off it.
	 */
	public static function note( int $user_id, array $item, bool $left ): void {
		$told = self::to( $user_id );
		if ( 'delete' === $item['action'] ) {
			if ( ( $told[ $item['list'] ]['email'] ?? '' ) === $item['email'] ) {
				unset( $told[ $item['list'] ] );
			}
		} else {
			$told[ $item['list'] ] = array(
				'email'  => $item['email'],
				'digest' => self::digest( $item ),
				'at'     => time(),
				'left'   => $left,
			);
		}
		if ( array() === $told ) {
			delete_user_meta( $user_id, self::key() );
		} elseif ( false !== get_userdata( $user_id ) ) {
			update_user_meta( $user_id, self::key(), wp_slash( $told ) );
		}
	}

	/**
	 * What is compared to find out whether there is news.
	 */
	public static function digest( array $item ): string {
		unset( $item['key'], $item['previousEmail'] );
		$item['properties'] = (array) ( $item['properties'] ?? array() ); // Without any, JSON knows an object and PHP a list.
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
