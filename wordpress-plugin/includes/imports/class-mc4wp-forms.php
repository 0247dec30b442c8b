<?php
/**
 * MC4WP’s own forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Post;

/**
 * Finds MC4WP's own forms in pages, and puts our subscribe form in their place. Each change of a page leaves a revision.
 */
final class Mc4wp_Forms {

	private const POST_TYPE = 'mc4wp-form';
	private const META      = '_mc4wp_settings';

	/**
	 * The form that a shortcode without an id means.
	 */
	private const DEFAULT_FORM = 'mc4wp_default_form_id';

	private const SHORTCODE = '/\[mc4wp_form\b([^\]]*)\]/';
	private const BLOCK     = '/<!-- wp:mailchimp-for-wp\/form (\{.*?\}) ?\/-->/s';

	/**
	 * What the value of a shortcode's attribute cannot hold.
	 */
	private const ESCAPED = array(
		'"' => '&quot;',
		'[' => '(',
		']' => ')',
	);

	/**
	 * What our form asks for too, or makes itself.
	 */
	private const KNOWN = array( 'EMAIL', 'NAME', 'FNAME', 'LNAME', 'AGREE_TO_TERMS', '_mc4wp_lists' );

	/**
	 * The forms, each with what it becomes.
	 *
	 * @return Import_Item[]
	 */
	public function items(): array {
		$forms = get_posts(
			array(
				'post_type'   => self::POST_TYPE,
				'numberposts' => -1,
				'orderby'     => 'ID',
				'order'       => 'ASC',
			)
		);
		$items = array();
		$pages = array() === $forms ? array() : $this->pages();
		foreach ( $forms as $form ) {
			$items[] = $this->item( $form, array_filter( $pages, fn( WP_Post $page ) => $this->shows( $page, $form->ID ) ) );
		}
		return $items;
	}

	/**
	 * What a form becomes.
	 *
	 * @param WP_Post   $form  The form.
	 * @param WP_Post[] $pages The pages that show it.
	 */
	private function item( WP_Post $form, array $pages ): Import_Item {
		if ( array() === $pages ) {
			return Import_Item::skipped(
				$form->post_title,
				__( 'It is on no page. Where you want a form, put the block “Subscribe form”.', 'gateway-connector' )
			);
		}
		$settings    = (array) get_post_meta( $form->ID, self::META, true );
		$ours        = $this->attributes( $form );
		$item        = new Import_Item( $form->post_title );
		$item->lists = array_slice( array_map( 'strval', (array) ( $settings['lists'] ?? array() ) ), 0, 1 );
		$item->facts = array(
			__( 'Becomes', 'gateway-connector' )             => '[' . Subscribe_Block::SHORTCODE . ' …]',
			__( 'On the pages', 'gateway-connector' )        => implode( ', ', wp_list_pluck( $pages, 'post_title' ) ),
			__( 'Text beside the box', 'gateway-connector' ) => $ours['label'],
		);
		$item->notes = $this->notes( $form, (array) ( $settings['lists'] ?? array() ) );
		if ( array() === $item->lists ) {
			$item->skip_reason = __( 'No list is chosen there, so nobody is added to one.', 'gateway-connector' );
		}
		$item->on_import(
			function ( array $lists ) use ( $form, $pages, $ours ): void {
				foreach ( $pages as $page ) {
					$this->replace( $page, $form->ID, array( 'list' => $lists[0] ) + $ours );
				}
			}
		);
		return $item;
	}

	/**
	 * The attributes of our form. A form with a box to agree keeps its words; ours has always a box.
	 *
	 * @return array<string,string|bool>
	 */
	private function attributes( WP_Post $form ): array {
		$box   = '/<label\b[^>]*>((?:(?!<\/label>).)*name="AGREE_TO_TERMS".*?)<\/label>/s';
		$label = 1 === preg_match( $box, $form->post_content, $found ) ? Plain_Text::of( $found[1] ) : '';
		return array(
			'name'  => array() !== array_intersect( self::names( $form ), array( 'NAME', 'FNAME', 'LNAME' ) ),
			'label' => '' === $label ? __( 'Yes, send me the newsletter.', 'gateway-connector' ) : $label,
			'title' => $form->post_title,
		);
	}

	/**
	 * What is not as it was.
	 *
	 * @param WP_Post  $form  The form.
	 * @param string[] $lists Ids of its lists.
	 * @return string[]
	 */
	private function notes( WP_Post $form, array $lists ): array {
		$notes  = array();
		$others = array_diff( self::names( $form ), self::KNOWN );
		if ( array() !== $others ) {
			/* translators: %s: names of fields */
			$notes[] = sprintf( __( 'It no longer asks for: %s.', 'gateway-connector' ), implode( ', ', $others ) );
		}
		if ( count( $lists ) > 1 ) {
			$notes[] = __( 'It has several lists. People join the first.', 'gateway-connector' );
		}
		return $notes;
	}

	/**
	 * Names of the fields of a form.
	 *
	 * @return string[]
	 */
	private static function names( WP_Post $form ): array {
		preg_match_all( '/\bname="([\w-]+)/', $form->post_content, $found );
		return array_unique( $found[1] );
	}

	/**
	 * The pages and posts that show any of the forms.
	 *
	 * @return WP_Post[]
	 */
	private function pages(): array {
		global $wpdb;
		$ids = $wpdb->get_col(
			$wpdb->prepare(
				'SELECT ID FROM %i WHERE post_status IN (%s, %s, %s) AND (post_content LIKE %s OR post_content LIKE %s) ORDER BY ID',
				$wpdb->posts,
				'publish',
				'private',
				'draft',
				'%' . $wpdb->esc_like( '[mc4wp_form' ) . '%',
				'%' . $wpdb->esc_like( 'wp:mailchimp-for-wp/form' ) . '%'
			)
		);
		return array_filter( array_map( 'get_post', $ids ) );
	}

	private function shows( WP_Post $page, int $form ): bool {
		return $this->replaced( $page->post_content, $form, array() ) !== $page->post_content;
	}

	/**
	 * Puts our form into a page. What else is in the page stays, also what the person who imports might not write.
	 */
	private function replace( WP_Post $page, int $form, array $attributes ): void {
		kses_remove_filters();
		wp_update_post(
			array(
				'ID'           => $page->ID,
				'post_content' => wp_slash( $this->replaced( (string) get_post( $page->ID )->post_content, $form, $attributes ) ),
			)
		);
		kses_init();
	}

	/**
	 * The content of a page with our form in place of theirs.
	 *
	 * @param string $content    The content.
	 * @param int    $form       Their form.
	 * @param array  $attributes Attributes of ours.
	 */
	private function replaced( string $content, int $form, array $attributes ): string {
		$content = preg_replace_callback(
			self::BLOCK,
			static function ( array $block ) use ( $form, $attributes ): string {
				$is_it = (int) ( json_decode( $block[1], true )['id'] ?? 0 ) === $form;
				return $is_it ? get_comment_delimited_block_content( 'gateway-connector/subscribe', $attributes, '' ) : $block[0];
			},
			$content
		);
		return (string) preg_replace_callback(
			self::SHORTCODE,
			static function ( array $code ) use ( $form, $attributes ): string {
				$id = (int) ( ( (array) shortcode_parse_atts( trim( $code[1] ) ) )['id'] ?? get_option( self::DEFAULT_FORM, 0 ) );
				return $id === $form ? self::shortcode( $attributes ) : $code[0];
			},
			(string) $content
		);
	}

	/**
	 * Our shortcode. Its values can hold neither quotation marks nor brackets.
	 */
	private static function shortcode( array $attributes ): string {
		$code = '[' . Subscribe_Block::SHORTCODE;
		foreach ( $attributes as $name => $value ) {
			$text  = true === $value ? 'yes' : strtr( (string) $value, self::ESCAPED );
			$code .= '' === $text ? '' : " {$name}=\"{$text}\"";
		}
		return $code . ']';
	}
}
